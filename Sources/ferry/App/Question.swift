/// Something that another part of the program cannot decide by itself.
enum Question: Hashable, Sendable {
  case certificate(CertificateQuestion)
  case password(PasswordQuestion)
  case passphrase(PassphraseQuestion)
  case conflict(ConflictQuestion)
  case trouble(TroubleQuestion)

  /// The item of the queue that needs the answer.
  var item: Int64? {
    switch self {
    case .conflict(let question): question.item
    case .trouble(let question): question.item
    case .certificate, .password, .passphrase: nil
    }
  }
}
