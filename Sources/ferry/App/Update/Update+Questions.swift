extension AppState {
  /// Opens the dialog of the next waiting question once nothing else is open.
  mutating func askNextQuestion() -> [Effect] {
    guard layers.isEmpty, drag.phase == .idle, !questions.isEmpty else { return [] }
    switch questions.removeFirst() {
    case .certificate(let question): openCertificate(question)
    case .password(let question): openPassword(question)
    case .conflict(let question): openConflict(question)
    }
    return []
  }

  /// Takes back a question that was answered elsewhere: one that waits, or one that is on the screen.
  mutating func settle(_ isSettled: (Question) -> Bool) {
    questions.removeAll(where: isSettled)
    layers.removeAll { layer in
      guard case .dialog(let dialog) = layer else { return false }
      return switch dialog.purpose {
      case .certificate(let question): isSettled(.certificate(question))
      case .password(let question): isSettled(.password(question))
      case .conflict(let question): isSettled(.conflict(question))
      default: false
      }
    }
  }
}
