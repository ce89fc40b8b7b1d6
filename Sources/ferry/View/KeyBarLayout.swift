import Terminal

/// Where the function keys are at the bottom of the screen: as wide as their words, the rest spread between them.
struct KeyBarLayout: Equatable, Sendable {
  struct Item: Equatable, Sendable {
    /// All cells of the key.
    var rect: Rect
    /// `F1`, or `1` where there is little room.
    var number: String
    var label: String
    /// Columns between number and label.
    var gap: Int
  }

  var items: [Item] = []

  init(_ row: Rect) {
    let labels = (1...10).map(KeyBar.label)
    // From roomy to tight; the last one fits a screen of sixty columns.
    let forms: [(prefix: String, gap: Int, between: Int)] = [
      ("F", 1, 2), ("F", 1, 1), ("", 1, 1), ("", 0, 1), ("", 0, 0),
    ]
    for form in forms {
      let widths = labels.enumerated().map { form.prefix.count + ($0 == 9 ? 2 : 1) + form.gap + $1.count }
      let total = widths.reduce(0, +) + 9 * form.between
      guard total + 2 <= row.width || form == forms[4] else { continue }
      let between = form.between + min(3, max(0, row.width - 2 - total) / 9)
      var x = row.x + 1
      for (index, width) in widths.enumerated() {
        items.append(
          Item(
            rect: Rect(x: x, y: row.y, width: width, height: 1), number: "\(form.prefix)\(index + 1)",
            label: labels[index], gap: form.gap))
        x += width + between
      }
      return
    }
  }

  /// The number of the key at a point, 1...10.
  func key(at point: Point) -> Int? { items.firstIndex { $0.rect.contains(point) }.map { $0 + 1 } }
}
