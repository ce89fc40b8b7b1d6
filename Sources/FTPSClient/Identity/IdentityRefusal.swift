package import FTP
package import TLS

/// A server's no to the client certificate that it was shown.
package struct IdentityRefusal: Sendable, Equatable {
  /// What its owner calls it.
  package var name: String
  /// The SHA-256 of the certificate.
  package var fingerprint: Fingerprint
  package var cause: Cause

  /// How the server said it.
  package enum Cause: Sendable, Equatable {
    /// In the handshake of TLS 1.2; after that of TLS 1.3, where the client is done before the server has looked.
    case alert(TLSAlert)
    /// A reply to the log-in, such as 530 or 534.
    case reply(Reply)
    /// It closed the connection without a word, once it had the certificate.
    case closed
  }

  package init(name: String, fingerprint: Fingerprint, cause: Cause) {
    self.name = name
    self.fingerprint = fingerprint
    self.cause = cause
  }

  /// Whether the server's side may come to trust it as it is; no for one that has expired, for example.
  package var isAwaitingTrust: Bool {
    guard case .alert(let alert) = cause else { return true }
    return ![.certificateExpired, .certificateRevoked, .unsupportedCertificate, .certificateRequired].contains(alert)
  }
}

extension IdentityRefusal: CustomStringConvertible {
  /// What happened and what to do.
  package var description: String {
    let name = SafeText.escape(name)
    switch cause {
    case .alert(.certificateExpired):
      return "The server says that your certificate \(name) has expired. Is its clock, and yours, right? "
        + "Make a new one with ferry identity renew \(name)."
    case .alert(.certificateRevoked):
      return "The server says that your certificate \(name) has been revoked. Ask whoever runs it for a new one."
    case .alert(.unsupportedCertificate):
      return "The server cannot use your certificate \(name): it is of a kind, or for a purpose, that it does not take."
    case .alert(.certificateRequired):
      return "The server got no certificate that it can use, though \(name) is set: its kind of key may be too new for "
        + "the server. One with an RSA key may do."
    case .alert, .reply, .closed:
      return
        "The server has seen your certificate but does not trust it yet (\(said)). Its fingerprint is \(fingerprint). "
        + "Send that, or the certificate itself (ferry identity export \(name)), to whoever runs the server; "
        + "once it is trusted there, connect again."
    }
  }

  /// How the server said it, in a few words.
  package var said: String {
    switch cause {
    case .alert(let alert): "alert: \(alert)"
    case .reply(let reply): reply.summary
    case .closed: "it closed the connection"
    }
  }
}
