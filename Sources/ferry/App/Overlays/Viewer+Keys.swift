import Terminal

extension Viewer {
  enum Step: Hashable, Sendable {
    case none, close
  }

  /// Takes a key; `height` is the number of rows shown.
  mutating func received(_ key: Key, height: Int) -> Step {
    if search != nil { return receivedWhileSearching(key, height: height) }
    said = nil
    switch key {
    case Key(.escape), Key(.function(3)), Key(.function(10)), "q", "C-c": return .close
    case Key(.up), "k": scroll(to: top - 1, height: height)
    case Key(.down), "j", Key(.enter): scroll(to: top + 1, height: height)
    case Key(.pageUp), "b", "C-b": scroll(to: top - height, height: height)
    case Key(.pageDown), " ", "C-f": scroll(to: top + height, height: height)
    case "C-u": scroll(to: top - height / 2, height: height)
    case "C-d": scroll(to: top + height / 2, height: height)
    case Key(.home), "g": scroll(to: 0, height: height)
    case Key(.end), "G": scroll(to: rowCount, height: height)
    case Key(.left), "h": left = max(0, left - 8)
    case Key(.right), "l": if mode == .text { left += 8 }
    case Key(.function(4)), "x": toggleMode(height: height)
    case Key(.function(7)), "/", "C-s": search = TextField(pattern)
    case "n": findNext(height: height)
    default: break
    }
    return .none
  }

  private mutating func receivedWhileSearching(_ key: Key, height: Int) -> Step {
    switch key.code {
    case .escape: search = nil
    case .enter:
      pattern = search?.text ?? ""
      search = nil
      match = nil
      findNext(height: height)
    default: _ = search?.received(key)
    }
    return .none
  }

  /// Text or hexadecimal, at the same place of the file.
  mutating func toggleMode(height: Int) {
    let offset = mode == .text ? lineStarts[min(top, lineStarts.count - 1)] : top * 16
    mode = mode == .text ? .hex : .text
    left = 0
    scroll(to: mode == .hex ? offset / 16 : (lineStarts.lastIndex { $0 <= offset } ?? 0), height: height)
  }
}
