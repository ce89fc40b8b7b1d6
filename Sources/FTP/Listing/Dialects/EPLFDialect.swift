/// Easily Parsed LIST Format, of publicfile and others: "+i8388621.48594,m825718503,r,s280,\tname".
struct EPLFDialect: ListingDialect {
  static let name = "EPLF"

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    guard line[0] == UInt8(ascii: "+"), let tab = line.firstIndex(of: 0x09), tab + 1 < line.count else {
      return .unreadable
    }
    var kind = ListingEntry.Kind.other
    var size: Int64?
    var modified: Timestamp?
    var permissions: UInt16?
    var unique: String?
    var start = 1
    while start < tab {
      let end = min(line.firstIndex(of: UInt8(ascii: ","), from: start) ?? tab, tab)
      let fact = line.extracting(start..<end)
      start = end + 1
      guard !fact.isEmpty else { continue }
      let value = fact.extracting(1..<fact.count)
      switch fact[0] {
      case UInt8(ascii: "/"): kind = .directory
      case UInt8(ascii: "r"): kind = kind == .directory ? kind : .file
      case UInt8(ascii: "s"): size = number(value)
      case UInt8(ascii: "m"): modified = number(value).map { Timestamp(seconds: $0) }
      case UInt8(ascii: "i"): unique = text(value)
      case UInt8(ascii: "u") where value.starts(with: "p"):
        permissions = UInt16(text(value.extracting(1..<value.count)), radix: 8).map { $0 & 0o7777 }
      default: break
      }
    }
    return LineResult(name: line.extracting((tab + 1)..<line.count)) {
      ListingEntry(
        name: $0, kind: kind, size: size, modified: modified, permissions: permissions, unique: unique)
    }
  }
}
