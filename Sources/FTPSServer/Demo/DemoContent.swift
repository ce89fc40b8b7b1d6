import FTP

/// What is in the sample folder. The same bytes each time, so that copies can be compared.
enum DemoContent {
  struct Item {
    /// Relative to the folder; folders come before what is in them.
    var path: [UInt8]
    /// Nil for a folder.
    var content: (() -> [UInt8])?
    /// Seconds since 1970.
    var modified: Int64
  }

  static func items() -> [Item] {
    site + papers + media + awkward
  }

  // MARK: Parts

  private static var site: [Item] {
    [
      text("README.txt", "2025-11-20 18:40", DemoText.readme),
      folder("site", "2025-11-20 18:40"),
      text("site/index.html", "2025-11-20 18:40", DemoText.page),
      text("site/robots.txt", "2024-02-29 12:00", "User-agent: *\nDisallow:\n"),
      folder("site/assets", "2025-11-19 10:02"),
      text("site/assets/style.css", "2025-11-19 10:02", DemoText.style),
      folder("site/assets/icons", "2025-08-03 07:15"),
      file("site/assets/icons/ferry.ppm", "2025-08-03 07:15") { DemoMedia.picture(side: 64, seed: 3) },
      folder("site/articles", "2025-10-05 21:30"),
    ]
      + (1...12).map { number in
        let name = "site/articles/\(number < 10 ? "0" : "")\(number) crossing.md"
        return text(name, "2025-\(number < 10 ? "0" : "")\(number)-05 21:30", DemoText.article(number))
      }
  }

  private static var papers: [Item] {
    [
      folder("papers", "2025-06-30 16:20"),
      text("papers/timetable.csv", "2025-06-30 16:20", DemoText.timetable),
      text("papers/letter.txt", "1999-12-31 23:59", DemoText.letter),
      folder("papers/2024", "2024-12-24 09:00"),
      folder("papers/2024/autumn", "2024-10-11 11:11"),
      text("papers/2024/autumn/notes.txt", "2024-10-11 11:11", DemoText.letter),
      folder("papers/empty folder", "2023-05-01 08:00"),
      file("papers/empty file", "2023-05-01 08:00") { [] },
    ]
  }

  private static var media: [Item] {
    [
      folder("media", "2025-09-14 14:00"),
      file("media/harbour.ppm", "2025-09-14 14:00") { DemoMedia.picture(side: 512, seed: 1) },
      file("media/horn.wav", "2025-07-01 06:30") { DemoMedia.sound(seconds: 12) },
      file("media/backup.bin", "2025-03-03 03:03") { DemoMedia.noise(count: 2_500_000, seed: 7) },
    ]
  }

  /// Names that programs trip over; their contents say what they are.
  private static var awkward: [Item] {
    let names: [([UInt8], String)] = [
      (Array("Überfahrt nach Ærø – 渡し船.txt".utf8), "UTF-8 of several scripts"),
      (Array("⛴️ ferry 👩‍👩‍👧.txt".utf8), "emoji, some of them made of several"),
      (Array("e\u{301}te\u{301} (two scalars each).txt".utf8), "letters with combining accents"),
      (Array(" space in front.txt".utf8), "a space in front"),
      (Array("space behind.txt ".utf8), "a space behind"),
      (Array("it's \"quoted\" `here` $HOME; rm.txt".utf8), "quotes and what a shell would act on"),
      (Array("-rf".utf8), "a dash in front"),
      (Array("escape \u{1B}[31mred\u{1B}[0m.txt".utf8), "an escape sequence for terminals"),
      (Array("bidi \u{202E}txt.exe".utf8), "a right-to-left override"),
      (Array("caf".utf8) + [0xE9] + Array(" (Latin-1).txt".utf8), "a byte that is not UTF-8"),
      (Array("back\\slash & percent%20.txt".utf8), "a backslash and a percent sign"),
      (Array((String(repeating: "a long name ", count: 17).prefix(196) + ".txt").utf8), "200 bytes"),
    ]
    return [folder("awkward names", "2025-04-01 00:00")]
      + names.map { name, remark in
        Item(
          path: Array("awkward names/".utf8) + name,
          content: { Array("This file's name has something special: \(remark).\n".utf8) },
          modified: seconds("2025-04-01 00:00"))
      }
  }

  // MARK: Making items

  private static func folder(_ path: String, _ time: String) -> Item {
    Item(path: Array(path.utf8), content: nil, modified: seconds(time))
  }

  private static func text(_ path: String, _ time: String, _ text: String) -> Item {
    file(path, time) { Array(text.utf8) }
  }

  private static func file(_ path: String, _ time: String, _ content: @escaping () -> [UInt8]) -> Item {
    Item(path: Array(path.utf8), content: content, modified: seconds(time))
  }

  /// "YYYY-MM-DD HH:MM" in UTC.
  private static func seconds(_ time: String) -> Int64 {
    guard let time = Timestamp(time.utf8.filter { (0x30...0x39).contains($0) }) else {
      preconditionFailure("no such time: \(time)")
    }
    return time.seconds
  }
}
