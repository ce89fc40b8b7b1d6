/// The texts among the samples.
enum DemoText {
  static let readme = """
    Welcome to Ferry's demo.

    These files are on a small FTPS server that runs inside Ferry, on this computer
    only. You can copy, rename, edit and delete whatever you like: nothing outside
    this folder is touched. Remove the folder to get the samples again at the next
    start.

      site/           a small web site: pages, a style sheet, pictures
      papers/         texts, an empty file and an empty folder
      media/          a picture, a sound and 2.5 MB of bytes without a pattern
      awkward names/  names that programs trip over

    """

  static let page = """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <title>The crossing</title>
    <link rel="stylesheet" href="assets/style.css">
    <h1>The crossing</h1>
    <p>Two shores, and something that carries what is dear from one to the other,
    whole, and to nobody else.</p>
    </html>

    """

  static let style = """
    body { font: 18px/1.5 serif; max-width: 40em; margin: 3em auto; background: #f4f8fa; color: #123; }
    h1 { font-weight: normal; border-bottom: 2px solid #4a8fb0; }

    """

  static let letter = """
    Dear harbour master,

    the boat was on time, the water was calm, and all eleven crates arrived. One of
    them was empty, as it had been when we left; please do not look for its content.

    Yours, the purser

    """

  static var timetable: String {
    var text = "crossing,from,to,departs,arrives\n"
    for number in 0..<240 {
      let minute = number * 6
      let (from, to) = number % 2 == 0 ? ("West Pier", "East Pier") : ("East Pier", "West Pier")
      text += "\(number + 1),\(from),\(to),\(clock(minute)),\(clock(minute + 25))\n"
    }
    return text
  }

  static func article(_ number: Int) -> String {
    var text = "# Crossing \(number)\n\n"
    for line in 1...(number * 9) {
      text += "Log line \(line) of day \(number): wind \(line * number % 9), swell \((line + number) % 5), all well.\n"
    }
    return text
  }

  private static func clock(_ minute: Int) -> String {
    let (hour, rest) = (minute / 60 % 24, minute % 60)
    return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
  }
}
