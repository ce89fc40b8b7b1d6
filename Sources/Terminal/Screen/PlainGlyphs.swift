/// What stands in for line characters and the like where the font or the character set has not got them.
enum PlainGlyphs {
  /// A character of one column that the linux console's fonts have, or one of ASCII.
  static func substitute(_ scalar: UInt32, isUnicode: Bool) -> UInt32 {
    // The pictures of control characters.
    if (0x2400...0x2426).contains(scalar) { return 0x3f }
    if isUnicode { return smallFont[scalar] ?? scalar }
    return ascii[scalar] ?? 0x3f
  }

  private static let smallFont = table([
    ("╭┏", "┌"), ("╮┓", "┐"), ("╰┗", "└"), ("╯┛", "┘"), ("━", "─"), ("┃", "│"), ("┣", "├"), ("┫", "┤"), ("┳", "┬"),
    ("┻", "┴"), ("╋", "┼"), ("▏▎▍", "▌"), ("▋▊▉", "█"), ("▁▂▃", "▄"), ("▅▆▇", "█"), ("…", "~"), ("✓✔", "√"),
    ("┢┡", "├"), ("┪┩", "┤"), ("┄┈", "─"), ("┊┆", "│"), ("▸", ">"), ("◂", "<"), ("▾", "▼"), ("▴", "▲"),
  ])

  private static let ascii = table([
    ("─━═╌┄┈", "-"), ("│┃║┊┆", "|"), ("┌┐└┘╭╮╰╯┏┓┗┛╔╗╚╝├┤┬┴┼┣┫┳┻╋╠╣╦╩╬╞╡╪┢┪┡┩", "+"), ("█▉▊▋▓", "#"), ("▌▍▎▏▒", "="),
    ("░", "."),
    ("…", "~"), ("•·●○■□▪", "*"), ("▲↑▴", "^"), ("▼↓▾", "v"), ("▶▸→►", ">"), ("◀◂←◄", "<"), ("✓✔√", "y"), ("✗✘×", "x"),
    ("‘’", "'"), ("“”", "\""), ("–—", "-"),
    ("▁", "_"), ("▂▃", "."), ("▄", "o"), ("▅▆", "O"), ("▇", "#"),
  ])

  private static func table(_ rows: [(String, Unicode.Scalar)]) -> [UInt32: UInt32] {
    var table: [UInt32: UInt32] = [:]
    for (from, to) in rows {
      for scalar in from.unicodeScalars { table[scalar.value] = to.value }
    }
    return table
  }
}
