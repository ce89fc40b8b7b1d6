extension TerminalScreen {
  /// Bytes that terminals take in a copy; xterm refuses more.
  package static let copyLimit = 74_994

  /// Puts text into the clipboard of the terminal's user (OSC 52). False if it is too long; whether the terminal did it
  /// is not told.
  @discardableResult
  package func copy(_ text: String) -> Bool {
    checkThread()
    guard isActive, text.utf8.count <= Self.copyLimit else { return false }
    output.write(Array("\u{1B}]52;c;".utf8) + Base64.encode(Array(text.utf8)) + [0x07])
    return true
  }

  /// Shows a notification on the user's desktop where the terminal can: OSC 777 or, where the environment names a
  /// terminal that prefers it, OSC 9. The texts may come from anywhere.
  package func notify(title: String, body: String) {
    checkThread()
    guard isActive else { return }
    output.write(Notification(title: title, body: body).encoded(for: .process))
  }

  /// Rings the terminal's bell, whatever that does there.
  package func ring() {
    checkThread()
    if isActive { output.write("\u{07}") }
  }

  /// Names the window. The former name comes back when the screen is left. The text may come from anywhere.
  package func setTitle(_ text: String) {
    checkThread()
    let safe = Notification.safe(text, columns: 200)
    guard isActive, safe != title else { return }
    let isFirst = title == nil
    title = safe
    if isFirst {
      arm()
      output.write(Self.saveTitle)
    }
    output.write("\u{1B}]2;\(safe)\u{07}")
  }

  static let saveTitle = "\u{1B}[22;2t"
  static let popTitle = "\u{1B}[23;2t"

  func pushTitle() {
    guard let title else { return }
    output.write(Self.saveTitle + "\u{1B}]2;\(title)\u{07}")
  }
}

/// A desktop notification.
struct Notification {
  let title: String
  let body: String

  /// The escape sequence for the terminal that the environment names.
  func encoded(for environment: Environment) -> String {
    let title = Self.safe(title, columns: 80)
    let body = Self.safe(body, columns: 200)
    if Self.prefersOSC9(environment) { return "\u{1B}]9;\(title): \(body)\u{07}" }
    return "\u{1B}]777;notify;\(title);\(body)\u{07}"
  }

  /// Text that ends no sequence and no parameter.
  static func safe(_ text: String, columns: Int) -> String {
    String(DisplayText(text).clipped(to: columns).text.map { $0 == ";" ? "," : $0 })
  }

  private static func prefersOSC9(_ environment: Environment) -> Bool {
    environment.has("KITTY_WINDOW_ID") || environment.has("WT_SESSION")
      || ["iTerm.app", "WezTerm", "ghostty"].contains(environment["TERM_PROGRAM"])
  }
}
