/// Characters about whose width terminals disagree: emoji, private use, what carries marks, scripts with shaping.
enum DoubtfulWidth {
  /// True if the terminal may give a cell's character another width than we do.
  static func contains(_ cell: PackedCell, of canvas: Canvas) -> Bool {
    if cell.content < 0x300 || cell.width == 0 { return false }
    if cell.clusterIndex != nil { return true }
    switch cell.content {
    // Greek, Cyrillic, Armenian, Hebrew; Latin and Greek extended; dashes and quotes; letterlike to box drawing;
    // CJK, Hangul, fullwidth forms; the replacement character.
    case 0x370...0x5ff, 0x1e00...0x1fff, 0x2010...0x205e, 0x2100...0x22ff, 0x2400...0x25ff, 0x2e80...0xa4cf,
      0xac00...0xd7a3, 0xff01...0xff60, 0xfffd, 0x20000...0x3fffd:
      return Unicode.Scalar(cell.content)?.properties.isEmoji ?? true
    case 0x2600...0x27bf: return Unicode.Scalar(cell.content)?.properties.isEmoji ?? true
    default: return true
    }
  }
}
