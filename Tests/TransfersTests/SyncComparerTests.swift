import FTP
import Testing
import Transfers

/// What two entries of one name come down to, as a table.
@Suite("The comparison of two trees") struct SyncComparerTests {
  private static func file(_ size: Int64?, _ time: Timestamp? = nil) -> ListingEntry {
    ListingEntry(name: FileName("f"), kind: .file, size: size, modified: time)
  }

  private static let folder = ListingEntry(name: FileName("f"), kind: .directory)
  private static let link = ListingEntry(name: FileName("f"), kind: .symbolicLink(target: nil))
  private static let old = Timestamp(seconds: 1_700_000_000)
  private static let new = Timestamp(seconds: 1_700_000_100)
  /// What MLSD or a disk says of the same moment, more exactly.
  private static let oldExact = Timestamp(seconds: 1_700_000_000, nanoseconds: 7, precision: .nanosecond)
  private static let oldMinute = Timestamp(seconds: 1_699_999_980, precision: .minute)
  private static let local = Timestamp(seconds: 1_700_003_600, precision: .minute, isUTC: false)

  struct Row: Sendable, CustomTestStringConvertible {
    var left: ListingEntry?
    var right: ListingEntry?
    var rules = SyncRules()
    var evidence = SyncComparer.Evidence()
    var verdict: SyncComparer.Verdict
    var testDescription: String {
      "\(left.map { "\($0.kind) \($0.size ?? -1)" } ?? "nothing") and "
        + "\(right.map { "\($0.kind) \($0.size ?? -1)" } ?? "nothing"): \(verdict)"
    }
  }

  private static func asked(same: Bool? = nil, content: Bool = false) -> SyncComparer.Evidence {
    var evidence = SyncComparer.Evidence()
    evidence.timesAreFinal = true
    evidence.sameContent = same
    evidence.contentIsFinal = content
    return evidence
  }

  private static let both = SyncRules(mode: .bothWays)
  private static let deleting = SyncRules(deletes: true)

  static let rows: [Row] = [
    // One side only
    Row(left: file(1), verdict: .row(.copyRight, "not there yet")),
    Row(left: folder, verdict: .descend(.copyRight, "not there yet")),
    Row(right: file(1), verdict: .row(.leave, "only at the destination")),
    Row(right: folder, verdict: .row(.leave, "only at the destination")),
    Row(right: file(1), rules: deleting, verdict: .row(.deleteRight, "not in the source")),
    Row(right: folder, rules: deleting, verdict: .descend(.deleteRight, "not in the source")),
    Row(right: file(1), rules: both, verdict: .row(.copyLeft, "not here yet")),
    Row(right: folder, rules: both, verdict: .descend(.copyLeft, "not here yet")),
    // Both ways never deletes, whatever else is asked for.
    Row(right: file(1), rules: SyncRules(mode: .bothWays, deletes: true), verdict: .row(.copyLeft, "not here yet")),
    // Kinds
    Row(left: folder, right: folder, verdict: .descend(.equal, "")),
    Row(left: folder, right: file(1), verdict: .row(.conflict, "a file on one side, a folder on the other")),
    Row(left: link, verdict: .row(.leave, "a symbolic link, which is not followed")),
    Row(right: link, rules: deleting, verdict: .row(.leave, "a symbolic link, which is not followed")),
    // Time
    Row(left: file(1, old), right: file(1, old), verdict: .row(.equal, "same size and time")),
    Row(left: file(1, oldExact), right: file(1, old), verdict: .row(.equal, "same size and time")),
    Row(left: file(1, oldExact), right: file(1, oldMinute), verdict: .row(.equal, "same size and time")),
    Row(left: file(1, new), right: file(1, old), verdict: .row(.copyRight, "newer")),
    Row(left: file(2, old), right: file(1, old), verdict: .row(.copyRight, "another size")),
    Row(left: file(1, old), right: file(1, new), verdict: .row(.conflict, "the destination is newer")),
    Row(
      left: file(1, old), right: file(1, new), rules: SyncRules(overwritesNewer: true),
      verdict: .row(.copyRight, "another time")),
    Row(left: file(1, old), right: file(1, local), verdict: .needsTimes),
    Row(left: file(1), right: file(1, old), verdict: .needsTimes),
    Row(
      left: file(1), right: file(1, old), evidence: asked(),
      verdict: .row(.conflict, "no time is known of one side; compare by size or hash")),
    Row(left: file(2), right: file(1, old), evidence: asked(), verdict: .row(.copyRight, "another size")),
    // Size
    Row(left: file(1, new), right: file(1, old), rules: SyncRules(.size), verdict: .row(.equal, "same size")),
    Row(left: file(2, old), right: file(1, new), rules: SyncRules(.size), verdict: .row(.copyRight, "another size")),
    Row(left: file(nil), right: file(1), rules: SyncRules(.size), verdict: .row(.conflict, "a size is not known")),
    // Content
    Row(left: file(1, old), right: file(1, new), rules: SyncRules(.hash), verdict: .needsContent),
    Row(
      left: file(1, old), right: file(1, new), rules: SyncRules(.hash), evidence: asked(same: true, content: true),
      verdict: .row(.equal, "same content")),
    Row(
      left: file(1, old), right: file(1, new), rules: SyncRules(.hash), evidence: asked(same: false, content: true),
      verdict: .row(.copyRight, "other content")),
    Row(
      left: file(1, old), right: file(1, new), rules: SyncRules(.hash), evidence: asked(content: true),
      verdict: .row(.conflict, "the contents could not be compared")),
    Row(left: file(2, old), right: file(1), rules: SyncRules(.hash), verdict: .row(.copyRight, "another size")),
    // Both ways
    Row(left: file(2, new), right: file(1, old), rules: both, verdict: .row(.copyRight, "newer")),
    Row(left: file(2, old), right: file(1, new), rules: both, verdict: .row(.copyLeft, "newer there")),
    Row(left: file(2, old), right: file(1, old), rules: both, verdict: .row(.conflict, "another size, but as old")),
    Row(left: file(2), right: file(1), rules: SyncRules(.size, mode: .bothWays), verdict: .needsTimes),
    Row(
      left: file(2), right: file(1), rules: SyncRules(.size, mode: .bothWays), evidence: asked(),
      verdict: .row(.conflict, "another size, and no times to go by")),
  ]

  @Test("decides as the table says", arguments: rows)
  func table(_ row: Row) {
    #expect(SyncComparer(row.rules).compare(row.left, row.right, row.evidence) == row.verdict)
  }

  @Test("leaves out what a pattern says, by name or by path")
  func filter() {
    func path(_ text: String) -> [FileName] { text.split(separator: "/").map { try! FileName(String($0)) } }
    let filter = SyncFilter(including: ["*.html", "img/*"], excluding: ["*.tmp", "/build", "node_modules/"])
    for (text, isFolder, isIn) in [
      ("a.html", false, true), ("deep/down/a.html", false, true), ("a.txt", false, false), ("img/x.png", false, true),
      ("other/x.png", false, false), ("a.tmp", false, false), ("build", true, false), ("deep", true, true),
      ("x/node_modules", true, false),
    ] {
      #expect(filter.admits(path(text), isFolder: isFolder) == isIn, "\(text)")
    }
  }

  @Test("offers each row what can be done with it, what is planned first")
  func choices() {
    let name = [FileName("f")]
    let both = SyncRow(name, left: Self.file(1), right: Self.file(2), .conflict, "")
    #expect(both.choices == [.conflict, .copyRight, .copyLeft, .leave])
    let right = SyncRow(name, right: Self.file(2), .deleteRight, "")
    #expect(right.choices == [.deleteRight, .leave, .copyLeft])
    #expect(SyncRow(name, isFolder: true, left: Self.folder, .copyRight, "").choices == [.copyRight])
  }
}
