import FTP
import Testing

@Suite("The zone of a server's lists")
struct ListingZoneTests {
  private static let now = Int64(1_795_000_000)

  private func entry(_ name: String, _ shown: Int64, _ precision: Timestamp.Precision = .minute) -> ListingEntry {
    ListingEntry(
      name: try! FileName(name), kind: .file, size: 1,
      modified: Timestamp(seconds: shown - shown % 60, precision: precision, isUTC: false))
  }

  /// A clock that is ahead by seconds which depend on the moment.
  private func learn(_ zone: inout ListingZone, _ moments: [Int64], offset: (Int64) -> Int64) {
    for moment in moments {
      let shown = moment + offset(moment)
      zone.learn(
        Timestamp(seconds: shown - shown % 60, precision: .minute, isUTC: false), Timestamp(seconds: moment))
    }
  }

  @Test("one file tells it, for those of its day's hours", arguments: [-43_200, -18_000, 0, 20_700, 50_400] as [Int64])
  func one(_ offset: Int64) {
    var zone = ListingZone()
    #expect(!zone.isKnown)
    // By the server's clock 12:06.
    let noon = Self.now / 60 * 60 + 3_600 - offset
    learn(&zone, [noon + 17]) { _ in offset }
    for distance in [-7 * 3_600 - 360, -60, 0, 8 * 3_600 + 3_180] as [Int64] {
      let applied = zone.applied(to: entry("a", noon + distance + offset)).modified
      #expect(applied == Timestamp(seconds: noon + distance, precision: .minute), "\(distance)")
    }
    // In a night between it may have been changed.
    for distance in [-7 * 3_600 - 420, 8 * 3_600 + 3_240, 86_400, -86_400, 200_000] as [Int64] {
      let file = entry("a", noon + distance + offset)
      #expect(zone.applied(to: file).modified?.isUTC == false, "\(distance)")
      #expect(zone.candidates(in: [file]) == [file])
    }
    #expect(zone.applied(to: entry("a", noon + offset, .day)).modified?.isUTC == false)
  }

  @Test("a folder, which cannot be asked for, is placed by a file a day before or after it")
  func folders() {
    var zone = ListingZone()
    learn(&zone, [Self.now]) { _ in 3_600 }
    for (distance, isPlaced) in [(-86_000, true), (86_000, true), (87_000, false)] as [(Int64, Bool)] {
      var folder = entry("a", Self.now + 3_600 + distance)
      folder.kind = .directory
      #expect(zone.applied(to: folder).modified?.isUTC == isPlaced)
      #expect(zone.candidates(in: [folder]) == [])
    }
  }

  @Test("between two files of one difference it holds, unless a season is between them")
  func between() {
    let day: Int64 = 86_400
    var zone = ListingZone()
    learn(&zone, [Self.now - 100 * day, Self.now]) { _ in 7_200 }
    #expect(zone.applied(to: entry("a", Self.now - 50 * day + 7_200)).modified?.isUTC == true)
    var wide = ListingZone()
    learn(&wide, [Self.now - 170 * day, Self.now]) { _ in 7_200 }
    #expect(wide.applied(to: entry("a", Self.now - 80 * day + 7_200)).modified?.isUTC == false)
  }

  @Test("summer and winter are told apart, and nothing is said of what lies between them")
  func seasons() {
    let day: Int64 = 86_400
    let change = Self.now - 30 * day
    var zone = ListingZone()
    func offset(_ moment: Int64) -> Int64 { moment < change ? -14_400 : -18_000 }
    learn(&zone, [Self.now - 60 * day, Self.now - 35 * day, Self.now - 25 * day, Self.now], offset: offset)
    for days in [58, 40, 20, 1] as [Int64] {
      let moment = (Self.now - days * day) / 60 * 60
      #expect(
        zone.applied(to: entry("a", moment + offset(moment))).modified == Timestamp(seconds: moment, precision: .minute)
      )
    }
    #expect(zone.applied(to: entry("a", Self.now - 30 * day)).modified?.isUTC == false)
  }

  @Test("answers that make no sense are not believed, and such a server is soon left alone")
  func nonsense() {
    var zone = ListingZone()
    let shown = Timestamp(seconds: Self.now / 60 * 60, precision: .minute, isUTC: false)
    for told in [Timestamp(seconds: Self.now + 500), Timestamp(seconds: Self.now + 86_400), nil] {
      zone.learn(shown, told)
      #expect(!zone.isKnown)
    }
    while zone.isOpen { zone.learn(shown, nil) }
    #expect(zone.candidates(in: [entry("a", Self.now)]).isEmpty)
  }

  @Test("it is not asked for any more where a question is left without an answer")
  func stopped() {
    var zone = ListingZone()
    learn(&zone, [Self.now]) { _ in 3_600 }
    #expect(zone.isOpen)
    zone.stop()
    #expect(zone.isKnown && !zone.isOpen)
    #expect(zone.candidates(in: [entry("a", Self.now - 500_000)]) == [])
    var unknown = ListingZone()
    unknown.stop()
    #expect(!unknown.isOpen)
  }

  @Test("of a list the newest and the oldest file are asked for, some between them, and never folders or links")
  func candidates() {
    var entries = (0..<100).map { entry("\($0)", Self.now - Int64($0) * 3600) }
    entries.append(entry("line\nbreak", Self.now + 60))
    var folder = entry("folder", Self.now + 120)
    folder.kind = .directory
    entries.append(folder)
    var zone = ListingZone()
    let names = zone.candidates(in: entries.shuffled()).map(\.name.text)
    #expect(names == ["99", "66", "33", "0"])
    learn(&zone, [Self.now, Self.now - 99 * 3600]) { _ in 0 }
    #expect(zone.candidates(in: entries.filter { $0.name.text.count < 3 }).isEmpty)
  }
}
