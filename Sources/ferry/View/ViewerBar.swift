import Terminal

/// The keys named at the bottom of the viewer, which can be clicked.
enum ViewerBar {
  static let keys: [(key: Key, name: String, label: String)] = [
    (Key(.function(3)), "F3", "Close"), ("x", "x", "Text/Hex"), ("/", "/", "Search"), ("n", "n", "Next"),
    ("g", "g", "Top"), ("G", "G", "End"),
  ]

  /// Where each key's label is on the last line.
  static func rects(on size: Size) -> [Rect] {
    var x = 1
    return keys.map { key in
      let width = DisplayText.width(of: key.name) + DisplayText.width(of: key.label) + 3
      let rect = Rect(x: x, y: size.rows - 1, width: width, height: 1)
      x += width + 1
      return rect
    }
  }

  static func key(at point: Point, on size: Size) -> Key? {
    zip(keys, rects(on: size)).first { $1.contains(point) }?.0.key
  }
}
