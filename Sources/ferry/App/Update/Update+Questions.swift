extension AppState {
  /// Opens the dialog of the next waiting question once nothing else is open.
  mutating func askNextQuestion() -> [Effect] {
    guard layers.isEmpty || isForOpenLayer, drag.phase == .idle, !questions.isEmpty else { return [] }
    switch questions.removeFirst() {
    case .certificate(let question): openCertificate(question)
    case .password(let question): openPassword(question)
    case .passphrase(let question): openPassphrase(question)
    case .conflict(let question): openConflict(question)
    case .trouble(let question): openTrouble(question)
    }
    return []
  }

  /// The screen of client certificates waits for the passphrase that it has asked for.
  private var isForOpenLayer: Bool {
    guard case .identities? = layers.last, case .passphrase? = questions.first else { return false }
    return true
  }

  /// Takes back a question that was answered elsewhere: one that waits, or one that is on the screen.
  mutating func settle(_ isSettled: (Question) -> Bool) {
    questions.removeAll(where: isSettled)
    layers.removeAll { layer in
      guard case .dialog(let dialog) = layer else { return false }
      return switch dialog.purpose {
      case .certificate(let question): isSettled(.certificate(question))
      case .password(let question): isSettled(.password(question))
      case .passphrase(let question): isSettled(.passphrase(question))
      case .conflict(let question): isSettled(.conflict(question))
      case .trouble(let question): isSettled(.trouble(question))
      default: false
      }
    }
  }
}
