import FTP
import Testing

@Suite("Times")
struct TimestampTests {
  @Test(
    "times of MDTM and MLSD",
    arguments: [
      ("19700101000000", 0, 0, .second), ("20241119100233", 1_732_010_553, 0, .second),
      ("20241119100233.5", 1_732_010_553, 500_000_000, .nanosecond),
      ("20241119100233.000000001999", 1_732_010_553, 1, .nanosecond), ("19680229120000", -58_017_600, 0, .second),
      ("20161231235960", 1_483_228_800, 0, .second), ("20000229000000", 951_782_400, 0, .second),
      ("202411191002", 1_732_010_520, 0, .minute), ("20241119", 1_731_974_400, 0, .day),
      ("191001119100233", 974_628_153, 0, .second), ("99991231235959", 253_402_300_799, 0, .second),
      ("00010101000000", -62_135_596_800, 0, .second),
    ] as [(String, Int64, Int32, Timestamp.Precision)])
  func parsed(_ text: String, _ seconds: Int64, _ nanoseconds: Int32, _ precision: Timestamp.Precision) {
    #expect(Timestamp(text.utf8) == Timestamp(seconds: seconds, nanoseconds: nanoseconds, precision: precision))
  }

  @Test(
    "what is no time",
    arguments: [
      "", "2024", "2024111910023", "20241319100233", "20240001100233", "20230229000000", "19000229000000",
      "20241132000000",
      "20241119250000", "20241119106000", "20241119100261", "00000101000000", "20241119100233.", "20241119100233.x",
      "20241119100233 ", "-0241119100233", "20241119.5", "2024111910023a", "999999999999999999999", "20241119240001",
    ])
  func refused(_ text: String) {
    #expect(Timestamp(text.utf8) == nil)
  }

  @Test("every day of the calendar's cycle has one number and comes back from it")
  func calendar() {
    var expected = CivilDate(year: 1600, month: 1, day: 1)!.dayNumber
    for year in 1600...2400 {
      for month in 1...12 {
        for day in 1...CivilDate.days(in: month, of: year) {
          let date = CivilDate(year: year, month: month, day: day)!
          guard date.dayNumber == expected, CivilDate(dayNumber: expected) == date else {
            Issue.record("\(date)")
            return
          }
          expected += 1
        }
      }
    }
    #expect(CivilDate(year: 1970, month: 1, day: 1)?.dayNumber == 0)
  }

  @Test("compact and described forms", arguments: [0, 1_732_010_553, -1, -62_135_596_800])
  func forms(_ seconds: Int64) {
    let time = Timestamp(seconds: seconds)
    #expect(Timestamp(time.compact.utf8) == time)
    #expect(time.description.utf8.filter { 0x30...0x39 ~= $0 } == Array(time.compact.utf8))
  }

  @Test("the description shows no more than is known")
  func description() {
    #expect(Timestamp(seconds: 1_732_010_553).description == "2024-11-19 10:02:33Z")
    #expect(Timestamp(seconds: 1_732_010_553, precision: .minute, isUTC: false).description == "2024-11-19 10:02")
    #expect(Timestamp(seconds: 1_732_010_553, precision: .day, isUTC: false).description == "2024-11-19")
  }

  @Test("times order by the moment")
  func order() {
    #expect(Timestamp(seconds: -1) < Timestamp(seconds: 0))
    #expect(Timestamp(seconds: 0) < Timestamp(seconds: 0, nanoseconds: 1))
  }
}
