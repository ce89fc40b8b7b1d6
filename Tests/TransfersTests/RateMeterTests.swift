import Testing
import Transfers

@Suite("Speed and time left")
struct RateMeterTests {
  @Test("what an earlier attempt brought is there, but has not moved now")
  func resumed() {
    let progress = ByteProgress(from: 500)
    #expect(progress.bytes == 500 && progress.moved == 0)
    progress.restart(at: 1_000)
    progress.add(10)
    progress.restart(at: 0)
    progress.add(5)
    #expect(progress.bytes == 5 && progress.moved == 15)
  }

  @Test("nothing is known before the second reading")
  func beginning() {
    var meter = RateMeter()
    #expect(meter.secondsLeft(for: 100) == nil)
    meter.record(1_000, at: 5)
    #expect(meter.bytesPerSecond == 0)
    #expect(meter.secondsLeft(for: 100) == nil)
  }

  @Test("a steady rate is told from the second reading on")
  func steady() throws {
    var meter = RateMeter()
    for tenth in 0...20 {
      meter.record(Int64(tenth) * 100, at: Double(tenth) / 10)
      if tenth > 0 { #expect(abs(meter.bytesPerSecond - 1_000) < 1e-6) }
    }
    #expect(abs(try #require(meter.secondsLeft(for: 5_000)) - 5) < 1e-6)
  }

  @Test("a change is followed within seconds, but not at once")
  func change() {
    var meter = RateMeter()
    var bytes: Int64 = 0
    for second in 0...30 {
      meter.record(bytes, at: Double(second))
      bytes += 1_000
    }
    for second in 31...32 {
      bytes += 9_000
      meter.record(bytes, at: Double(second))
    }
    #expect(meter.bytesPerSecond > 3_000 && meter.bytesPerSecond < 8_000)
    for second in 33...50 {
      bytes += 10_000
      meter.record(bytes, at: Double(second))
    }
    #expect(meter.bytesPerSecond > 9_900)
  }

  @Test("a stall brings the rate to nothing, and an attempt from the start is no negative speed")
  func stall() {
    var meter = RateMeter()
    meter.record(0, at: 0)
    meter.record(1_000_000, at: 1)
    meter.record(0, at: 2)
    #expect(meter.bytesPerSecond >= 0)
    meter.record(0, at: 200)
    #expect(meter.secondsLeft(for: 10) == nil)
  }

  @Test("two readings at one moment are one")
  func sameMoment() {
    var meter = RateMeter()
    meter.record(0, at: 0)
    meter.record(1_000, at: 1)
    meter.record(1_000, at: 1)
    #expect(abs(meter.bytesPerSecond - 1_000) < 1e-6)
  }
}
