import FTP
import Testing
import Transfers

@Suite("What happens where a target exists")
struct ConflictPolicyTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var policy: ConflictPolicy
    var source: FileFacts
    var target: FileFacts
    var expected: ConflictPolicy.Decision
    var testDescription: String { "\(policy): \(source) on \(target)" }
  }

  static func facts(_ size: Int64?, _ seconds: Int64?, _ precision: Timestamp.Precision = .second) -> FileFacts {
    FileFacts(size: size, modified: seconds.map { Timestamp(seconds: $0, precision: precision) })
  }

  static let rows: [Row] = [
    Row(policy: .ask, source: facts(1, 1), target: facts(1, 1), expected: .ask),
    Row(policy: .overwrite, source: facts(nil, nil), target: facts(nil, nil), expected: .overwrite),
    Row(policy: .skip, source: facts(1, 2), target: facts(1, 1), expected: .skip("The target exists already.")),
    Row(policy: .rename, source: facts(1, 2), target: facts(1, 1), expected: .rename),
    Row(policy: .newer, source: facts(1, 2), target: facts(1, 1), expected: .overwrite),
    Row(
      policy: .newer, source: facts(1, 1), target: facts(1, 1),
      expected: .skip("The target is as new as the source.")),
    Row(
      policy: .newer, source: facts(1, 1), target: facts(1, 2), expected: .skip("The target is newer than the source.")),
    // A listing that tells minutes only cannot say which of two seconds in one minute is later.
    Row(
      policy: .newer, source: facts(1, 119), target: facts(1, 60, .minute),
      expected: .skip("The target is as new as the source.")),
    Row(policy: .newer, source: facts(1, 120), target: facts(1, 60, .minute), expected: .overwrite),
    Row(
      policy: .newer, source: facts(1, -1, .day), target: facts(1, -86_400),
      expected: .skip("The target is as new as the source.")),
    Row(policy: .newer, source: facts(1, nil), target: facts(1, 1), expected: .ask),
    Row(
      policy: .newer, source: facts(1, 9),
      target: FileFacts(size: 1, modified: Timestamp(seconds: 1, isUTC: false)), expected: .ask),
    Row(policy: .size, source: facts(2, 1), target: facts(1, 1), expected: .overwrite),
    Row(policy: .size, source: facts(1, 2), target: facts(1, 1), expected: .skip("The target has the same size.")),
    Row(policy: .size, source: facts(nil, 2), target: facts(1, 1), expected: .ask),
    Row(policy: .resume, source: facts(10, 1), target: facts(4, 1), expected: .resume(4)),
    Row(
      policy: .resume, source: facts(4, 1), target: facts(4, 1),
      expected: .skip("The target is complete already: it has the same size.")),
    Row(policy: .resume, source: facts(4, 1), target: facts(10, 1), expected: .ask),
    Row(policy: .resume, source: facts(nil, 1), target: facts(10, 1), expected: .ask),
  ]

  @Test("each policy decides as its name says", arguments: rows)
  func decides(_ row: Row) {
    #expect(row.policy.decide(source: row.source, target: row.target) == row.expected)
  }

  @Test("a table has an action for each age and size, and asks where what it needs is not known")
  func table() {
    var table = ConflictTable(.skip)
    table[.newer, .larger] = .overwrite
    table[.newer, .same] = .overwrite
    table[.newer, .smaller] = .rename
    table[.same, .larger] = .resume
    let policy = ConflictPolicy.table(table)
    #expect(policy.decide(source: Self.facts(9, 2), target: Self.facts(1, 1)) == .overwrite)
    #expect(policy.decide(source: Self.facts(1, 2), target: Self.facts(9, 1)) == .rename)
    #expect(policy.decide(source: Self.facts(9, 1), target: Self.facts(4, 1)) == .resume(4))
    let left = ConflictPolicy.Decision.skip("The rules for existing files leave it out.")
    #expect(policy.decide(source: Self.facts(1, 1), target: Self.facts(9, 1)) == left)
    #expect(policy.decide(source: Self.facts(nil, 1), target: Self.facts(9, 2)) == left, "any size would do")
    #expect(policy.decide(source: Self.facts(nil, 2), target: Self.facts(9, 1)) == .ask)
    #expect(policy.decide(source: Self.facts(1, nil), target: Self.facts(1, 1)) == .ask)
  }

  @Test("every policy can be written down and read back")
  func text() {
    for policy in ConflictPolicy.allCases + [.table(.newerOrDifferentSize), .table(ConflictTable(.resume))] {
      #expect(ConflictPolicy(rawValue: policy.rawValue) == policy)
    }
    #expect(ConflictPolicy.table(.newerOrDifferentSize).rawValue == "table:ooooso" + "sss")
    for text in ["", "table:", "table:oooo", "table:ooooooooox", "table:oooooooox", "Ask"] {
      #expect(ConflictPolicy(rawValue: text) == nil, "\(text)")
    }
  }
}
