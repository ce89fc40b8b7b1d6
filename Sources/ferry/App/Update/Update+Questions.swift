extension AppState {
  /// A question came: about an item it is asked once, with what was known last.
  mutating func asked(_ question: Question) {
    guard let item = question.item else {
      if !questions.contains(question) { questions.append(question) }
      return
    }
    guard !layers.contains(where: { $0.question?.item == item }) else { return }
    if let index = questions.firstIndex(where: { $0.item == item }) {
      questions[index] = question
    } else {
      questions.append(question)
    }
  }

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
    layers.removeAll { $0.question.map(isSettled) ?? false }
  }
}

extension Layer {
  /// The question that is on the screen.
  fileprivate var question: Question? {
    guard case .dialog(let dialog) = self else { return nil }
    return switch dialog.purpose {
    case .certificate(let question): .certificate(question)
    case .password(let question): .password(question)
    case .passphrase(let question): .passphrase(question)
    case .conflict(let question): .conflict(question)
    case .trouble(let question): .trouble(question)
    default: nil
    }
  }
}
