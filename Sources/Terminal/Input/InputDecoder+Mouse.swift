extension InputDecoder {
  /// An SGR report, `CSI < button ; column ; row M` (press, drag) or `m` (release).
  mutating func sgrMouse(_ parameters: [Int], isRelease: Bool) {
    guard parameters.count == 3, parameters[1] >= 1, parameters[2] >= 1 else { return }
    mouse(parameters[0], at: Point(x: parameters[1] - 1, y: parameters[2] - 1), isRelease: isRelease)
  }

  /// The three bytes of an X10 report: what a terminal sends that knows mode 1002 and not 1006.
  mutating func finishX10Mouse() {
    let bytes = buffer.map { Int($0) - 32 }
    reset()
    guard bytes.allSatisfy({ $0 >= 0 }), bytes[1] >= 1, bytes[2] >= 1 else { return }
    mouse(bytes[0], at: Point(x: bytes[1] - 1, y: bytes[2] - 1), isRelease: false)
  }

  /// xterm's button number: bits 0-1 the button (3: none), 2-4 Shift, Alt and Control, 5 motion, 6 the wheel, 7 extra
  /// buttons.
  private mutating func mouse(_ code: Int, at point: Point, isRelease: Bool) {
    var modifiers: Key.Modifiers = []
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.alt) }
    if code & 16 != 0 { modifiers.insert(.control) }
    let low = code & 3

    if code & 64 != 0, code & 128 == 0 {
      let wheel: [MouseEvent.Kind] = [.wheelUp, .wheelDown, .wheelLeft, .wheelRight]
      if !isRelease { events.append(.mouse(MouseEvent(wheel[low], at: point, modifiers: modifiers))) }
      return
    }
    let button: MouseEvent.Button
    if code & 128 != 0 {
      button = .other(8 + low)
    } else {
      button = [.left, .middle, .right, .noButton][low]
    }
    let kind: MouseEvent.Kind
    if isRelease {
      kind = .release
    } else if code & 32 != 0 {
      kind = button == .noButton ? .move : .drag
    } else {
      kind = button == .noButton ? .release : .press
    }
    events.append(.mouse(MouseEvent(kind, button, at: point, modifiers: modifiers)))
  }
}
