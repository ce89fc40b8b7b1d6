internal import Glibc

/// The environment variables that this floor looks at; a closure in tests.
struct Environment {
  let value: (String) -> String?

  static var process: Environment { Environment { name in getenv(name).map { String(cString: $0) } } }

  init(value: @escaping (String) -> String?) { self.value = value }

  init(_ values: [String: String]) { self.init { values[$0] } }

  subscript(name: String) -> String? { value(name) }

  /// True if the variable is set and not empty.
  func has(_ name: String) -> Bool { self[name]?.isEmpty == false }
}
