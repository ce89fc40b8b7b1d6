import Testing
import Transfers

@Suite("The limit on bytes a second")
struct TokenBucketTests {
  @Test("without a rate nobody waits")
  func unlimited() {
    var bucket = TokenBucket()
    let mark = bucket.take(1 << 40, at: 0)
    #expect(bucket.delay(until: mark, at: 0) == 0)
  }

  @Test("who takes waits for what was taken before, too")
  func queueing() {
    var bucket = TokenBucket(rate: 1_000)
    let first = bucket.take(1_000, at: 0)
    let second = bucket.take(2_000, at: 0)
    #expect(abs(bucket.delay(until: first, at: 0) - 0.9) < 0.001)
    #expect(abs(bucket.delay(until: second, at: 0) - 2.9) < 0.001)
    #expect(bucket.delay(until: first, at: 1) == 0)
    #expect(abs(bucket.delay(until: second, at: 1) - 1.9) < 0.001)
    #expect(bucket.delay(until: second, at: 3) == 0)
  }

  @Test("a pause saves nothing up")
  func idle() {
    var bucket = TokenBucket(rate: 1_000)
    _ = bucket.take(10, at: 0)
    let mark = bucket.take(1_000, at: 1_000)
    #expect(bucket.delay(until: mark, at: 1_000) > 0.85)
  }

  @Test("another rate counts at once for those that wait")
  func changed() {
    var bucket = TokenBucket(rate: 1_000)
    let mark = bucket.take(10_000, at: 0)
    bucket.setRate(10_000, at: 1)
    #expect(abs(bucket.delay(until: mark, at: 1) - 0.8) < 0.001)
    bucket.setRate(nil, at: 1.1)
    #expect(bucket.delay(until: mark, at: 1.1) == 0)
    bucket.setRate(1_000, at: 1.2)
    let next = bucket.take(1_000, at: 1.2)
    #expect(bucket.delay(until: next, at: 1.2) < 1)
  }

  @Test("over a long time exactly the rate goes through, whatever the pieces", arguments: [1, 7, 4_096, 99_999])
  func rate(_ piece: Int) {
    var bucket = TokenBucket(rate: 50_000)
    var now = 0.0
    var moved = 0
    while now < 60 {
      let mark = bucket.take(piece, at: now)
      moved += piece
      now += bucket.delay(until: mark, at: now) + 0.000_001
      if moved > 10_000_000 { break }
    }
    #expect(Double(moved) <= 50_000 * (now + 0.2) + Double(piece))
    #expect(Double(moved) >= 50_000 * now * 0.95 - Double(piece))
  }
}
