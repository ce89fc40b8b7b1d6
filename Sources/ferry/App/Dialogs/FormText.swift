import Terminal

/// Breaks the body of a form into rows.
enum FormText {
  static func lines(_ body: [FormLine], width: Int) -> [FormLayout.Line] {
    let label = min(labelWidth(body), width / 3)
    return body.flatMap { line -> [FormLayout.Line] in
      switch line {
      case .blank: return [FormLayout.Line(pieces: [])]
      case .text(let text, let emphasis):
        return wrap(text, width: width).map { .init(pieces: [.init(x: 0, text: $0, look: .value(emphasis))]) }
      case .pair(let name, let value, let emphasis):
        return columns(name, [(label, width - label, value, emphasis)])
      case .fingerprint(let name, let digits):
        let rows = FingerprintText.rows(digits, perRow: width - label >= 47 ? 4 : width - label >= 23 ? 2 : 1)
        return rows.enumerated().flatMap { columns($0 == 0 ? name : "", [(label, width - label, $1, .strong)]) }
      case .change(let name, let old, let new):
        let half = (width - label - 3) / 2
        guard half >= 23 else {
          // The heads of the two columns say nothing where there are none.
          if name.isEmpty { return [] }
          return columns(name, [(label, width - label, "was " + old, .text)])
            + columns("", [(label, width - label, "now " + new, .strong)])
        }
        return columns(name, [(label, half, old, .text), (label + half + 3, half, new, .strong)])
      }
    }
  }

  /// The column after the longest label.
  private static func labelWidth(_ body: [FormLine]) -> Int {
    body.map { line in
      switch line {
      case .pair(let label, _, _), .change(let label, _, _), .fingerprint(let label, _):
        DisplayText.width(of: label) + 2
      case .text, .blank: 0
      }
    }.max() ?? 0
  }

  private static func columns(
    _ label: String, _ columns: [(x: Int, width: Int, text: String, emphasis: FormLine.Emphasis)]
  ) -> [FormLayout.Line] {
    let wrapped = columns.map { wrap($0.text, width: $0.width) }
    let rows = wrapped.map(\.count).max() ?? 0
    return (0..<rows).map { row in
      var pieces: [FormLayout.Line.Piece] = row == 0 ? [.init(x: 0, text: label, look: .label)] : []
      for (column, lines) in zip(columns, wrapped) where row < lines.count {
        pieces.append(.init(x: column.x, text: lines[row], look: .value(column.emphasis)))
      }
      return FormLayout.Line(pieces: pieces)
    }
  }

  /// Breaks a text at blanks, else after a `:`, `/` or `-`, else anywhere.
  static func wrap(_ text: String, width: Int) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    var line: [Character] = []
    var used = 0
    for character in DisplayText(text).text {
      let columns = DisplayText.width(of: String(character))
      if used + columns > width {
        let (full, rest) = split(line, at: character)
        lines.append(String(full))
        line = rest
        used = DisplayText.width(of: String(rest))
        if character == " ", line.isEmpty { continue }
      }
      line.append(character)
      used += columns
    }
    lines.append(String(line))
    return lines
  }

  private static func split(_ line: [Character], at next: Character) -> (full: [Character], rest: [Character]) {
    if next == " " { return (line, []) }
    if let blank = line.lastIndex(of: " "), blank > 0 {
      return (Array(line[..<blank]), Array(line[(blank + 1)...]))
    }
    if let mark = line.lastIndex(where: { ":/-".contains($0) }), mark > line.count / 2 {
      return (Array(line[...mark]), Array(line[(mark + 1)...]))
    }
    return (line, [])
  }
}
