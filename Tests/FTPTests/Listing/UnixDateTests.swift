import FTP
import Testing

@Suite("Dates of Unix listings")
struct UnixDateTests {
  static func moment(_ date: String, now: Timestamp = .testNow) throws -> Timestamp? {
    let (entries, _) = try ListingParser.parse(Array("-rw-r--r-- 1 ada users 4213 \(date) name".utf8), now: now)
    #expect(entries.map(\.name.text) == ["name"])
    #expect(entries.first?.size == 4213)
    #expect(entries.first?.group == "users")
    return entries.first?.modified
  }

  @Test(
    "forms of a date",
    arguments: [
      ("Nov 19 10:02", "2024-11-19 10:02"), ("Nov 19 9:02", "2024-11-19 09:02"),
      ("Nov 19 10:02:33", "2024-11-19 10:02:33"),
      ("nov  9  2020", "2020-11-09"), ("NOV 09 2020", "2020-11-09"), ("Nov 19 24:00", "2024-11-20 00:00"),
      ("Dec 31 24:00", "2024-01-01 00:00"), ("Nov 19 10:02:33 2020", "2020-11-19 10:02:33"),
      ("Nov 19, 2020", "2020-11-19"),
      ("Nov 19 2020 10:02", "2020-11-19 10:02"), ("19 Nov 10:02", "2024-11-19 10:02"), ("19 Nov 2020", "2020-11-19"),
      ("19. Nov 2020", "2020-11-19"), ("19 Nov. 2020", "2020-11-19"), ("2024-11-19 10:02", "2024-11-19 10:02"),
      ("2024-11-19 10:02:33", "2024-11-19 10:02:33"), ("2024/11/19 10:02", "2024-11-19 10:02"),
      ("2024.11.19 10:02", "2024-11-19 10:02"), ("19-11-2024 10:02", "2024-11-19 10:02"),
      ("19.11.2024 10:02", "2024-11-19 10:02"),
      ("19.11.24 10:02", "2024-11-19 10:02"), ("11/19/2024 10:02", "2024-11-19 10:02"),
      ("11/19/24 10:02", "2024-11-19 10:02"),
      ("03/04/2024 10:02", "2024-03-04 10:02"), ("03-04-2024 10:02", "2024-04-03 10:02"),
      ("2024-19-11 10:02", "2024-11-19 10:02"),
      ("11-19 10:02", "2024-11-19 10:02"), ("09-26 2000", "2000-09-26"), ("26. Juli, 20:10", "2024-07-26 20:10"),
      ("2.   Okt.  2003", "2003-10-02"), ("2020-11-19", "2020-11-19"), ("2020-11-19 ", "2020-11-19"),
      ("19-Nov-2024 10:02", "2024-11-19 10:02"), ("19-Nov-24 10:02", "2024-11-19 10:02"),
      ("Nov-19-2024 10:02", "2024-11-19 10:02"),
      ("Jan  1  1968", "1968-01-01"), ("Feb 29  2024", "2024-02-29"),
      ("Tue Nov 19 10:02:33 2024", "2024-11-19 10:02:33"),
      // Asia
      ("11月 19 10:02", "2024-11-19 10:02"), ("11月 19  2020", "2020-11-19"), (" 11월 19 10:02", "2024-11-19 10:02"),
      ("11月19日 10:02", "2024-11-19 10:02"), ("11月 19日 10:02", "2024-11-19 10:02"), ("2020年11月19日", "2020-11-19"),
      ("2020年 11月 19日", "2020-11-19"), ("2020年11月19日 10:02", "2020-11-19 10:02"),
      ("2020년 11월 19일 10:02", "2020-11-19 10:02"),
    ])
  func forms(_ date: String, _ expected: String) throws {
    #expect(try Self.moment(date) == .shown(expected))
  }

  @Test("a full time knows its zone, and so is UTC")
  func fullTime() throws {
    let expected = Timestamp("20241119090233".utf8)!
    #expect(try Self.moment("2024-11-19 10:02:33 +0100") == expected)
    #expect(try Self.moment("2024-11-19 03:32:33 -0530") == expected)
    let exact = Timestamp(seconds: expected.seconds, nanoseconds: 123_456_789, precision: .nanosecond)
    #expect(try Self.moment("2024-11-19 10:02:33.123456789 +0100") == exact)
  }

  @Test(
    "months in the server's language",
    arguments: [
      "jan feb mär apr mai jun jul aug sep okt nov dez",
      "janv. févr. mars avril mai juin juil. août sept. oct. nov. déc.",
      "gen feb mar apr mag giu lug ago set ott nov dic", "ene feb mar abr may jun jul ago sep oct nov dic",
      "jan fev mar abr mai jun jul ago set out nov dez", "jan feb mrt apr mei jun jul aug sep okt nov dec",
      "sty lut mar kwi maj cze lip sie wrz paź lis gru", "led úno bře dub kvě čen čec srp zář říj lis pro",
      "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
      "янв фев мар апр мая июн июл авг сен окт ноя дек",
      "січ лют бер кві тра чер лип сер вер жов лис гру", "oca şub mar nis may haz tem ağu eyl eki kas ara",
      "ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
      "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
      "JAN FÉV MAR AVR MAI JUIN JUIL AOÛ SEP OCT NOV DÉC", "Янв Фев Мар Апр Май Июн Июл Авг Сен Окт Ноя Дек",
    ])
  func months(_ names: String) throws {
    for (index, name) in names.split(separator: " ").enumerated() {
      let expected = Timestamp(year: 2020, month: index + 1, day: 9, precision: .day, isUTC: false)
      #expect(try Self.moment("\(name)  9  2020") == expected)
      #expect(try Self.moment(" 9 \(name)  2020") == expected)
    }
  }

  @Test(
    "months that are not UTF-8",
    arguments: [
      (Array("M".utf8) + [0xE4] + Array("r".utf8), 3), (Array("f".utf8) + [0xE9] + Array("v.".utf8), 2),
      ([0xED, 0xEE, 0xFF], 11),
      ([0xCE, 0xCF, 0xD1], 11), ([0xEE, 0xCF, 0xD1], 11), ([0x31, 0x31, 0xD4, 0xC2], 11),
      ([0x31, 0x31, 0xBF, 0xF9], 11),
    ] as [([UInt8], Int)])
  func otherCharsets(_ month: [UInt8], _ number: Int) throws {
    let line = Array("-rw-r--r-- 1 ada users 1 ".utf8) + month + Array("  9  2020 name".utf8)
    let (entries, _) = try ListingParser.parse(line)
    #expect(entries.map(\.name.text) == ["name"])
    #expect(entries.first?.modified == Timestamp(year: 2020, month: number, day: 9, precision: .day, isUTC: false))
  }

  @Test("a month in an unknown language costs the time, not the name", arguments: ["Thg 19 10:02", "xyz  9  2020"])
  func unknownMonth(_ date: String) throws {
    #expect(try Self.moment(date) == nil)
  }

  @Test(
    "a date without a year is the latest that lies at most a day ahead",
    arguments: [
      ("20241120120000", "Nov 20 12:00", "2024-11-20 12:00"), ("20241120120000", "Nov 21 11:59", "2024-11-21 11:59"),
      ("20241120120000", "Nov 21 12:00", "2024-11-21 12:00"), ("20241120120000", "Nov 21 12:01", "2023-11-21 12:01"),
      ("20241120120000", "Nov 22 00:00", "2023-11-22 00:00"), ("20250101003000", "Dec 31 23:59", "2024-12-31 23:59"),
      ("20241231233000", "Jan  1 11:00", "2025-01-01 11:00"), ("20241231233000", "Jan  2 11:00", "2024-01-02 11:00"),
      ("20250301120000", "Feb 29 10:00", "2024-02-29 10:00"), ("20240228230000", "Feb 29 10:00", "2024-02-29 10:00"),
      ("21030101120000", "Feb 29 10:00", "2096-02-29 10:00"),
    ])
  func yearless(_ now: String, _ date: String, _ expected: String) throws {
    #expect(try Self.moment(date, now: Timestamp(now.utf8)!) == .shown(expected))
  }

  @Test(
    "dates that no calendar has are not dates",
    arguments: ["Nov 32 10:02", "Feb 30  2020", "Nov 19 25:00", "Nov 19 10:60", "2020-13-13 10:02", "Nov 19 24:01"])
  func impossible(_ date: String) throws {
    let parsed = try? ListingParser.parse(Array("-rw-r--r-- 1 ada users 4213 \(date) name".utf8))
    #expect(parsed?.entries.first?.modified == nil)
  }
}
