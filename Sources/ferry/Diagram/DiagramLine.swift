/// One line of a diagram, in runs of one ink.
struct DiagramLine: Hashable, Sendable {
  struct Run: Hashable, Sendable {
    var text: String
    var ink: DiagramInk
  }

  var runs: [Run] = []

  /// The line as plain text, without blanks at its end.
  var text: String {
    let text = runs.map(\.text).joined()
    guard let last = text.lastIndex(where: { $0 != " " }) else { return "" }
    return String(text[...last])
  }
}
