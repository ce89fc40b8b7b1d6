import FTP

/// Who is asked for the passphrase of a key: a dialog, or a prompt at the terminal.
protocol PassphraseAsker: Sendable {
  /// A passphrase; nil where nobody gives one. `wasWrong` says that the last one was.
  func passphrase(for name: String, wasWrong: Bool) async -> Secret?
}

/// Asks at the terminal of a headless command, without showing what is typed.
struct TerminalPassphraseAsker: PassphraseAsker {
  func passphrase(for name: String, wasWrong: Bool) async -> Secret? {
    await ControllingTerminal.converse { terminal -> Secret? in
      if wasWrong { terminal.say("That passphrase does not open the key.\n") }
      let question = "Passphrase for the key of \(SafeText.escape(name)): "
      return terminal.secret(to: question)
    } ?? nil
  }

  /// Asks for a new one, twice, and says how strong it is; nil where there is nobody to ask.
  ///
  /// - Throws: ``UsageProblem`` where the person gives none, or not the same one twice.
  static func newPassphrase(for what: String) async throws -> Secret? {
    let answer = await ControllingTerminal.converse { terminal -> Result<Secret, UsageProblem> in
      for _ in 0..<3 {
        guard let first = terminal.secret(to: "New passphrase for \(what): ") else { break }
        if first.isEmpty {
          terminal.say("Without one, whoever can read the file has the key; --no-passphrase insists on that.\n")
          continue
        }
        let strength = PassphraseStrength(first)
        terminal.say("It is \(strength)\(strength.isWeak ? "; four or five unrelated words are better" : "").\n")
        guard let second = terminal.secret(to: "The same once more: ") else { break }
        if first == second { return .success(first) }
        terminal.say("The two differ.\n")
      }
      return .failure(UsageProblem("No passphrase was given, so nothing was written."))
    }
    return try answer?.get()
  }
}
