/// What the ten function keys at the bottom of the screen are for.
enum KeyBar {
  private static let keys: [(label: String, action: Action)] = [
    ("Help", .help), ("Sites", .connect), ("View", .view), ("Edit", .edit), ("Copy", .copy), ("Move", .move),
    ("Folder", .makeFolder), ("Delete", .delete), ("Menu", .menu), ("Quit", .quit),
  ]

  /// Key 1...10.
  static func label(_ number: Int) -> String { keys[number - 1].label }
  static func action(_ number: Int) -> Action { keys[number - 1].action }
}
