internal import FTP

/// What a client certificate or a signing authority is called: one component of a path that a person can type and read.
package enum IdentityName {
  /// Why a name cannot be used, to be continued after "The name … cannot be used: "; nil if it can.
  package static func problem(with name: String) -> String? {
    if name.isEmpty { return "it is empty" }
    if name.utf8.count > 64 { return "it is longer than 64 bytes" }
    if name.first == "." || name.first == "-" { return "it begins with \u{201C}\(name.prefix(1))\u{201D}" }
    if name.first == " " || name.last == " " { return "it begins or ends with a space" }
    let isSane = name.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || " ._-@+".unicodeScalars.contains(scalar)
    }
    return isSane && SafeText.escape(name) == name
      ? nil : "use letters, digits, spaces and the characters . _ - @ +"
  }

  /// - Throws: `StorageError.identityName`.
  static func check(_ name: String) throws(StorageError) {
    if let problem = problem(with: name) { throw .identityName(name, reason: problem) }
  }
}
