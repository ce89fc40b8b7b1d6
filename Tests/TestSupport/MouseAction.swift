/// One event of the mouse.
package enum MouseAction: Sendable {
  package enum Button: Int, Sendable { case left, middle, right }

  case press(Button)
  case drag(Button)
  case release(Button)
  /// The pointer moves with no button down.
  case move
  case wheelUp
  case wheelDown

  /// What a terminal sends for it in the SGR encoding (mode 1006).
  package func bytes(at cell: Screen.Cell) -> [UInt8] {
    let (code, end) =
      switch self {
      case .press(let button): (button.rawValue, "M")
      case .drag(let button): (button.rawValue + 32, "M")
      case .release(let button): (button.rawValue, "m")
      case .move: (35, "M")
      case .wheelUp: (64, "M")
      case .wheelDown: (65, "M")
      }
    return Array("\u{1b}[<\(code);\(cell.column + 1);\(cell.row + 1)\(end)".utf8)
  }
}
