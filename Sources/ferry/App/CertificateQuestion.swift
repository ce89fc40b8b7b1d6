/// A server's certificate that is not trusted yet, as texts for people; any of them may come from the server.
struct CertificateQuestion: Hashable, Sendable {
  typealias Sheet = CertificateSheet

  /// Named again in the answer.
  let id: Int
  var host: String
  var port: Int
  /// `explicit TLS` or `implicit TLS`.
  var mode: String
  /// The TLS version and the cipher suite of the handshake that waits.
  var session: String
  var certificate: Sheet
  /// Why it is not trusted by itself, one sentence each.
  var problems: [String]
  /// The certificate that was trusted here before, if it is another one: then this is a warning, not a greeting.
  var previous: Sheet?
}
