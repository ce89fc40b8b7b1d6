import FTP
import Testing

/// One line of a listing and what it means.
struct ListingRow: CustomTestStringConvertible, Sendable {
  let line: [UInt8]
  let entry: ListingEntry

  /// `time` as in "2024-11-19 10:02:33", shortened as far as it is known, with "Z" where it is UTC.
  init(
    _ line: String, _ name: String, _ kind: ListingEntry.Kind, size: Int64? = nil, _ time: String? = nil,
    mode: UInt16? = nil, owner: String? = nil, group: String? = nil, unique: String? = nil, perm: String? = nil
  ) {
    self.init(
      Array(line.utf8), Array(name.utf8), kind, size: size, time, mode: mode, owner: owner, group: group,
      unique: unique,
      perm: perm)
  }

  init(
    _ line: [UInt8], _ name: [UInt8], _ kind: ListingEntry.Kind, size: Int64? = nil, _ time: String? = nil,
    mode: UInt16? = nil, owner: String? = nil, group: String? = nil, unique: String? = nil, perm: String? = nil
  ) {
    self.line = line
    entry = ListingEntry(
      name: try! FileName(name), kind: kind, size: size, modified: time.map(Timestamp.shown), permissions: mode,
      owner: owner, group: group, unique: unique, perm: perm)
  }

  var testDescription: String { SafeText.escape(line) }
}

extension Timestamp {
  static let testNow = Timestamp("20241120120000".utf8)!

  /// Reads what `description` shows.
  static func shown(_ text: String) -> Timestamp {
    let isUTC = text.hasSuffix("Z")
    let digits = text.utf8.filter { 0x30...0x39 ~= $0 }
    let precision: Precision = digits.count == 8 ? .day : digits.count == 12 ? .minute : .second
    let time = Timestamp(digits)!
    return Timestamp(seconds: time.seconds, precision: precision, isUTC: isUTC)
  }
}

extension ListingParser {
  /// The whole of a listing at once.
  static func parse(
    _ bytes: some Collection<UInt8>, _ format: Format = .list, now: Timestamp = .testNow
  ) throws -> (entries: [ListingEntry], summary: ListingSummary) {
    var parser = ListingParser(format: format, now: now)
    parser.append(bytes)
    let summary = try parser.finish()
    return (parser.takeEntries(), summary)
  }
}
