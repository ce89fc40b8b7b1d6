import Terminal

/// The speed of the last seconds as one line of columns, the newest at the right.
enum SpeedGraph {
  private static let levels = Array("▁▂▃▄▅▆▇█")

  /// - Parameter samples: bytes a second, the newest last; at most as many as there are cells.
  static func draw(_ samples: [Double], in rect: Rect, style: Style, _ canvas: inout Canvas) {
    let text = text(samples)
    canvas.put(
      text, at: Point(x: rect.maxX - text.count, y: rect.y), style: style, maxWidth: rect.width)
  }

  /// A column for each sample; the highest fills its cell, and what moves at all can be seen.
  static func text(_ samples: [Double]) -> String {
    let top = samples.max() ?? 0
    guard top > 0 else { return "" }
    return String(
      samples.map { sample -> Character in
        guard sample > 0 else { return " " }
        let level = Int((sample / top * Double(levels.count)).rounded(.up)) - 1
        return levels[max(0, min(level, levels.count - 1))]
      })
  }
}
