internal import CNcurses

/// Turns cells into ncurses's, and keeps the colour pairs.
struct CellEncoder {
  let palette: Palette
  /// False where only ASCII can be written.
  let isUnicode: Bool
  /// True on the linux console, whose fonts have 256 or 512 characters.
  let hasSmallFont: Bool

  private let pairLimit: Int32
  private var pairs: [UInt64: Int32] = [:]
  private var looks: [Style: Look] = [:]

  struct Look {
    var attributes: UInt32
    var pair: Int32
  }

  init(palette: Palette, isUnicode: Bool, hasSmallFont: Bool) {
    self.palette = palette
    self.isUnicode = isUnicode
    self.hasSmallFont = hasSmallFont
    pairLimit = min(32767, screen_pairs())
  }

  /// ncurses's cells for canvas cells; the right halves of wide ones have none.
  mutating func encode(_ cells: ArraySlice<PackedCell>, of canvas: Canvas) -> [cchar_t] {
    var result: [cchar_t] = []
    result.reserveCapacity(cells.count)
    for cell in cells where cell.width > 0 {
      let look = look(of: cell.style)
      var text = canvas.scalars(of: cell)
      // What the C library measures otherwise, ncurses would put elsewhere.
      if !isShowable(text, width: Int32(cell.width)) { text = [isUnicode ? 0xfffd : 0x3f] }
      append(text, look, to: &result)
      if cell.width == 2, screen_width_of(wchar_t(text[0])) != 2 { append([0x20], look, to: &result) }
    }
    return result
  }

  private func append(_ text: [UInt32], _ look: Look, to result: inout [cchar_t]) {
    var cell = cchar_t()
    let wide = text.map { wchar_t(bitPattern: substitute($0)) } + [0]
    if !screen_cell_set(&cell, wide, look.attributes, look.pair) {
      _ = screen_cell_set(&cell, [0x3f, 0], look.attributes, look.pair)
    }
    result.append(cell)
  }

  private func isShowable(_ text: [UInt32], width: Int32) -> Bool {
    let first = substitute(text[0])
    if first < 0x7f { return true }
    guard screen_width_of(wchar_t(bitPattern: first)) == width else { return false }
    return text.dropFirst().allSatisfy { screen_width_of(wchar_t(bitPattern: $0)) == 0 }
  }

  private func substitute(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x7f || (isUnicode && !hasSmallFont) { return scalar }
    return PlainGlyphs.substitute(scalar, isUnicode: isUnicode)
  }

  // MARK: - Looks

  private mutating func look(of style: Style) -> Look {
    if let look = looks[style] { return look }
    let resolved = palette.resolve(style)
    var attributes = resolved.attributes
    var number: Int32 = 0
    if resolved.foreground != -1 || resolved.background != -1 {
      number = pair(resolved.foreground, resolved.background)
      // Out of pairs: at least a background stays one.
      if number == 0, resolved.background > 0 { attributes.insert(.reverse) }
    }
    let look = Look(attributes: UInt32(attributes.rawValue), pair: number)
    if looks.count > 4096 { looks.removeAll() }
    looks[style] = look
    return look
  }

  private mutating func pair(_ foreground: Int32, _ background: Int32) -> Int32 {
    let key = UInt64(UInt32(bitPattern: foreground)) << 32 | UInt64(UInt32(bitPattern: background))
    if let known = pairs[key] { return known }
    let number = Int32(pairs.count + 1)
    guard number < pairLimit, init_extended_pair(number, foreground, background) == OK else { return 0 }
    pairs[key] = number
    return number
  }
}
