import Testing

@testable import Transfers

@Suite("The segments of a large file")
struct SegmentPlanTests {
  private func ranges(_ plan: SegmentPlan) -> [String] {
    plan.ranges.sorted { $0.start < $1.start }.map { "\($0.start)-\($0.end):\($0.written)" }
  }

  @Test("a file is divided equally, and not into crumbs")
  func equal() {
    #expect(ranges(SegmentPlan(size: 103, count: 4, smallest: 10)) == ["0-25:0", "25-50:25", "50-75:50", "75-103:75"])
    #expect(SegmentPlan(size: 103, count: 4, smallest: 50).ranges.count == 2)
    #expect(SegmentPlan(size: 1, count: 4, smallest: 50).ranges.count == 1)
  }

  @Test("whoever is free takes the next segment, else half of what is left of the largest")
  func dividing() {
    var plan = SegmentPlan(size: 100, count: 2, smallest: 10)
    #expect(plan.take() == 0)
    #expect(plan.take() == 1)
    #expect(plan.received(30, for: 1) == 30)
    #expect(plan.take() == 2)
    #expect(ranges(plan) == ["0-25:0", "25-50:25", "50-100:50"])
    // What comes behind a segment's new end is another one's.
    #expect(plan.received(40, for: 0) == 25)
    #expect(plan.received(40, for: 0) == 0)
    #expect(plan.received(60, for: 1) == 20)
    #expect(plan.take() == 3)
    #expect(plan.take() == nil, "the rest is too small to be divided")
  }

  @Test("a segment whose session has ended goes on where the file ends")
  func released() {
    var plan = SegmentPlan(size: 100, count: 2, smallest: 50)
    _ = plan.take()
    _ = plan.received(30, for: 0)
    plan.wrote(0, upTo: 20)
    plan.released(0)
    #expect(plan.take() == 0)
    #expect(plan[0].received == 20)
    _ = plan.received(30, for: 0)
    plan.wrote(0, upTo: 50)
    plan.fetched(0)
    #expect(plan.take() == 1)
    #expect(!plan.isFetched)
    #expect(plan.writtenBytes == 50)
  }

  @Test("what is kept is read again, and nothing that is not whole, or of another file")
  func record() {
    var plan = SegmentPlan(size: 1 << 40, count: 64, smallest: 10)
    plan.wrote(3, upTo: plan[3].start + 1_000)
    let bytes = SegmentRecord.bytes(plan)
    #expect(bytes.count == Int(SegmentRecord.length))
    let again = SegmentRecord.plan(bytes, size: 1 << 40, smallest: 10)
    #expect(again.map(ranges) == ranges(plan))
    #expect(SegmentRecord.plan(bytes, size: 1 << 39, smallest: 10) == nil)
    #expect(SegmentRecord.plan(Array(bytes.dropLast()), size: 1 << 40, smallest: 10) == nil)
    for index in stride(from: 0, to: 600, by: 7) {
      var torn = bytes
      torn[index] ^= 1
      #expect(SegmentRecord.plan(torn, size: 1 << 40, smallest: 10) == nil, "byte \(index)")
    }
  }

  @Test(
    "ranges that are not all of a file, each byte once, are none",
    arguments: [
      [], [(0, 50)], [(0, 50), (60, 100)], [(0, 60), (50, 100)], [(0, 100), (0, 100)], [(0, 0), (0, 100)],
    ])
  func impossible(_ ranges: [(Int64, Int64)]) {
    #expect(SegmentPlan(size: 100, smallest: 1, ranges: ranges.map { ($0.0, $0.1, $0.0) }) == nil)
  }

  /// Sessions at random, seeded: every byte is somebody's, once, in the end.
  @Test("whatever sessions do, every byte comes once", arguments: UInt64(1)...40)
  func random(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var plan = SegmentPlan(size: 10_000, count: Int.random(in: 1...5, using: &random), smallest: 300)
    var owners = [Int](repeating: 0, count: 10_000)
    var working: Set<Int> = []
    for _ in 0..<10_000 where !plan.isFetched {
      if working.count < 4, let id = plan.take() {
        #expect(working.insert(id).inserted, "a segment is worked on twice")
      }
      guard let id = working.sorted().randomElement(using: &random) else { continue }
      if Int.random(in: 0..<12, using: &random) == 0 {
        plan.released(id)
        working.remove(id)
        continue
      }
      let start = plan[id].received
      let own = plan.received(Int.random(in: 1...200, using: &random), for: id)
      for byte in Int(start)..<Int(start) + own { owners[byte] += 1 }
      plan.wrote(id, upTo: start + Int64(own))
      if plan[id].written == plan[id].end {
        plan.fetched(id)
        working.remove(id)
      }
    }
    #expect(plan.isFetched)
    #expect(owners.allSatisfy { $0 == 1 })
  }
}
