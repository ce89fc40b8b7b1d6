import TLS

/// A server's certificate that is not trusted yet, as texts for people; any of them may come from the server.
struct CertificateQuestion: Hashable, Sendable {
  typealias Sheet = CertificateSheet

  /// A certificate that was trusted for the server before.
  struct Previous: Hashable, Sendable {
    var sheet: Sheet
    /// What was trusted: "this certificate", "its key", …
    var kind: String
    var note = ""
    /// Seconds since 1970, UTC.
    var firstSeen: Int64
    var lastSeen: Int64
    var change: CertificateChange
  }

  /// Named again in the answer.
  let id: Int
  var host: String
  var port: Int
  /// `explicit TLS` or `implicit TLS`.
  var mode: String
  /// The TLS version and the cipher suite of the handshake that waits.
  var session: String
  /// The server's own certificate.
  var certificate: Sheet
  /// Those of its issuers, as the server sent them.
  var issuers: [Sheet] = []
  /// Why it is not trusted by itself, one sentence each.
  var problems: [String]
  /// The name of the issuer that may be trusted for this host; nil where there is none.
  var issuer: String?
  /// What was trusted here before, the nearest to the new one first. Not empty: this is a warning, not a greeting.
  var previous: [Previous] = []
}
