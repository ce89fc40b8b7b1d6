/// What a part of a diagram means; a theme gives each a look.
enum DiagramInk: Hashable, Sendable {
  case time
  /// Lines and names of what anybody on the way can read.
  case clear
  /// Lines of what is encrypted on the control connection.
  case secure
  /// Lines of an encrypted data connection.
  case data
  case title
  case command
  case reply
  /// A reply that says no.
  case refusal
  /// Messages of a TLS handshake.
  case handshake
  case note
  case good
  case warning
}
