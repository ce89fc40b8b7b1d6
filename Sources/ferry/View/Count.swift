/// Numbers of things in sentences.
enum Count {
  static func of(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
  static func files(_ count: Int) -> String { of(count, "file", "files") }
  static func folders(_ count: Int) -> String { of(count, "folder", "folders") }
}
