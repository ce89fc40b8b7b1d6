/// Something done with the mouse. Clicks and double clicks are the receiver's to make out of presses and times.
package struct MouseEvent: Hashable, Sendable {
  /// What happened.
  package enum Kind: Hashable, Sendable {
    /// A button went down, or up.
    case press, release
    /// The mouse moved with a button held, or with none (only terminals that send it unasked).
    case drag, move
    case wheelUp, wheelDown, wheelLeft, wheelRight
  }

  /// Which button; `.noButton` for moves and the wheel, and for a release where the terminal does not tell.
  package enum Button: Hashable, Sendable {
    case noButton, left, middle, right
    /// Extra buttons: 8 is "back", 9 "forward".
    case other(Int)
  }

  package var kind: Kind
  package var button: Button
  /// The cell under the pointer, 0-based. May lie outside the screen while dragging.
  package var point: Point
  package var modifiers: Key.Modifiers

  /// Makes a mouse event.
  package init(_ kind: Kind, _ button: Button = .noButton, at point: Point, modifiers: Key.Modifiers = []) {
    self.kind = kind
    self.button = button
    self.point = point
    self.modifiers = modifiers
  }
}
