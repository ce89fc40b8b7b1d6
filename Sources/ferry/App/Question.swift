/// Something that another part of the program cannot decide by itself.
enum Question: Hashable, Sendable {
  case certificate(CertificateQuestion)
  case password(PasswordQuestion)
  case passphrase(PassphraseQuestion)
  case conflict(ConflictQuestion)
  case trouble(TroubleQuestion)
}
