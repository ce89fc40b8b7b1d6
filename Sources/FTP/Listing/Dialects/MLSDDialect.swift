/// The one listing that is defined (RFC 3659 section 7): "type=file;size=5;modify=20241119100233; name".
struct MLSDDialect: ListingDialect {
  static let name = "MLSD"
  /// Whether a line without facts, which starts with the blank that would follow them, is none: only in answer to MLSD
  /// is it sure to be one.
  let needsFacts: Bool

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    guard let end = Facts.end(line), end + 1 < line.count else { return .unreadable }
    let facts = Facts(line.extracting(0..<end))
    guard facts.count > 0 || end == 0 && !needsFacts else { return .unreadable }
    if facts.isFolderItself { return .folderItself }
    return LineResult(name: line.extracting((end + 1)..<line.count)) { facts.entry($0) }
  }
}
