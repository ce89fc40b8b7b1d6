/// Numbers of things in sentences.
enum Count {
  static func of(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
  static func files(_ count: Int) -> String { of(count, "file", "files") }
  /// `3 files`, `2 folders`, or `5 items` where there are both.
  static func entries(_ entries: [Entry]) -> String {
    let folders = entries.count { $0.isFolder }
    if folders == 0 { return files(entries.count) }
    return folders == entries.count ? self.folders(folders) : of(entries.count, "item", "items")
  }
  static func folders(_ count: Int) -> String { of(count, "folder", "folders") }
}
