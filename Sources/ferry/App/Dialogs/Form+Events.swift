import Terminal

extension Form {
  /// Takes a key.
  mutating func received(_ key: Key, layout: FormLayout) -> Result? {
    switch (key.code, key.modifiers) {
    case (.escape, _), (.function(10), _), (.character("c"), .control): return .cancelled
    case (.tab, _): moveFocus(by: 1)
    case (.backTab, _): moveFocus(by: -1)
    case (.pageUp, _): scrollBody(by: -max(1, layout.body.height - 1), layout: layout)
    case (.pageDown, _): scrollBody(by: max(1, layout.body.height - 1), layout: layout)
    case (.character("<"), []) where stepper != nil: step(by: -1)
    case (.character(">"), []) where stepper != nil: step(by: 1)
    default:
      if let field = focusedField { return received(key, field: field) }
      return receivedByButtons(key, layout: layout)
    }
    return nil
  }

  /// The field whose pages `<` and `>` turn, unless text is being typed.
  private var stepper: Int? {
    if let focusedField, fields[focusedField].line != nil { return nil }
    return fields.firstIndex(where: \.isStepper)
  }

  private mutating func step(by count: Int) {
    guard let stepper else { return }
    fields[stepper].cycle(by: count)
  }

  private mutating func received(_ key: Key, field: Int) -> Result? {
    switch key.code {
    case .up where key.modifiers.isEmpty: moveFocus(by: -1)
    case .down where key.modifiers.isEmpty: moveFocus(by: 1)
    case .enter: return .pressed(0)
    default:
      if fields[field].line != nil {
        fields[field].edit { _ = $0.received(key) }
      } else if case .boxes(let titles, _, let at) = fields[field].value {
        switch key {
        case Key(.left): fields[field].cycle(by: -1)
        case Key(.right): fields[field].cycle(by: 1)
        case .character(" "): fields[field].toggle(at)
        default:
          guard let typed = key.typed.map({ Character($0.lowercased()) }) else { return nil }
          if let box = titles.firstIndex(where: { $0.first == typed }) { fields[field].toggle(box) }
        }
      } else {
        switch key {
        case Key(.left), .character("h"): fields[field].cycle(by: -1)
        case Key(.right), .character("l"), .character(" "): fields[field].cycle(by: 1)
        default: break
        }
      }
    }
    return nil
  }

  private mutating func receivedByButtons(_ key: Key, layout: FormLayout) -> Result? {
    switch key {
    case Key(.enter), .character(" "): return .pressed(focus - fields.count)
    case Key(.left), .character("h"): focus = max(fields.count, focus - 1)
    case Key(.right), .character("l"): focus = min(fields.count + buttons.count - 1, focus + 1)
    case Key(.up), .character("k"):
      if layout.canScroll { scrollBody(by: -1, layout: layout) } else if !fields.isEmpty { focus = fields.count - 1 }
    case Key(.down), .character("j"): scrollBody(by: 1, layout: layout)
    case Key(.home): scroll = 0
    case Key(.end): scrollBody(by: layout.lines.count, layout: layout)
    default:
      guard let typed = key.typed.map({ Character($0.lowercased()) }) else { return nil }
      if let button = buttons.firstIndex(where: { $0.letter == typed }) { return .pressed(button) }
    }
    return nil
  }

  /// Takes a press of the left button, or the wheel.
  mutating func received(_ mouse: MouseEvent, layout: FormLayout) -> Result? {
    switch mouse.kind {
    case .wheelUp: scrollBody(by: -2, layout: layout)
    case .wheelDown: scrollBody(by: 2, layout: layout)
    case .press where mouse.button == .left:
      if let button = layout.buttons.firstIndex(where: { $0.contains(mouse.point) }) {
        focus = fields.count + button
        return .pressed(button)
      }
      guard let index = layout.fields.firstIndex(where: { $0.row.contains(mouse.point) }) else { return nil }
      focus = index
      if let arrows = layout.fields[index].arrows {
        if arrows.back.contains(mouse.point) { fields[index].cycle(by: -1) }
        if arrows.forth.contains(mouse.point) { fields[index].cycle(by: 1) }
      }
      if let option = layout.fields[index].options.firstIndex(where: { $0.contains(mouse.point) }) {
        fields[index].choose(option)
        fields[index].toggle(option)
      }
    default: break
    }
    return nil
  }

  /// Takes pasted text: into the focused text field, nowhere else.
  mutating func pasted(_ pasted: PastedText) {
    guard let field = focusedField else { return }
    if case .secret(var secret) = fields[field].value {
      pasted.withBytes { secret.insert($0) }
      fields[field].value = .secret(secret)
    } else {
      fields[field].edit { $0.insert(pasted.text) }
    }
  }
}
