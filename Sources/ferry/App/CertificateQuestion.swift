/// A server's certificate that is not trusted yet, as texts for people; any of them may come from the server.
struct CertificateQuestion: Hashable, Sendable {
  /// What a certificate says.
  struct Sheet: Hashable, Sendable {
    var subject: String
    var issuer: String
    /// Host names and addresses.
    var names: [String]
    /// Seconds since 1970, UTC.
    var notBefore: Int64
    var notAfter: Int64
    /// For example `ECDSA P-256`.
    var key: String
    /// `AB:CD:…`, 32 bytes in hexadecimal.
    var sha256: String
  }

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

/// The answer to a certificate question.
enum TrustAnswer: Hashable, Sendable {
  case reject, once, always
}
