internal import COpenSSL

/// What can go wrong in TLS, with certificates and with keys.
package enum TLSError: Error, Hashable, Sendable {
  /// The peer ended the connection with a fatal alert (RFC 8446 section 6.2).
  case peerAlert(TLSAlert)
  /// The TCP connection ended without close_notify: what was read may be incomplete.
  case truncated
  /// The TCP connection ended before the handshake was complete.
  case closedDuringHandshake
  /// The peer's first bytes are not TLS: a plaintext server, or another protocol.
  case notTLS
  /// The verdict on the peer's certificate was no.
  case certificateRejected
  /// The peer sent more bytes of certificates than OpenSSL takes (100 KiB): no honest chain is that large.
  case oversizedCertificates
  /// What the server stapled to its certificate speaks against it.
  case staple(StapleProblem)
  /// The peer's certificate cannot be read.
  case unreadableCertificate
  /// The server chose an application protocol that was not offered.
  case wrongApplicationProtocol(String)
  /// The connection failed on our side, for OpenSSL's reason; `alert` is what the peer was told, if anything.
  case failed(reason: String, alert: TLSAlert?)
  /// The bytes are not what they should be, e.g. "certificate".
  case malformed(String)
  /// The private key is encrypted, and no passphrase was given.
  case passphraseNeeded
  /// The passphrase does not open the private key.
  case wrongPassphrase
  /// The private key does not belong to the certificate.
  case keyMismatch
  /// What was to go into a certificate, or what came in a request, cannot be used.
  case invalid(what: String, reason: String)
  /// More than any client certificate needs, e.g. "certificate" and "64 KiB".
  case tooLarge(what: String, limit: String)
  /// OpenSSL refused to do what was asked, e.g. to use a certificate that is too weak.
  case refused(what: String, reason: String)
}

extension TLSError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .peerAlert(let alert): "The other side ended the TLS connection: \(alert)"
    case .truncated: "The connection ended without the TLS closing message, so the data may be incomplete"
    case .closedDuringHandshake: "The connection was closed during the TLS handshake"
    case .notTLS: "The other side does not speak TLS here"
    case .certificateRejected: "The certificate was not accepted"
    case .oversizedCertificates:
      "The other side sent more than 100 KiB of certificates, which no honest chain needs; nothing of it was taken"
    case .staple(let problem): problem.description
    case .unreadableCertificate: "The certificate of the other side is broken and cannot be read"
    case .wrongApplicationProtocol(let name):
      "The server chose an application protocol that was not offered: \(printable(name))"
    case .failed(let reason, _): "TLS failed: \(reason)"
    case .malformed(let what): "This is not a valid \(what)"
    case .passphraseNeeded: "The private key needs a passphrase"
    case .wrongPassphrase: "The passphrase does not open the private key"
    case .keyMismatch: "The private key does not belong to the certificate"
    case .invalid(let what, let reason): "The \(what) cannot be used: \(reason)"
    case .tooLarge(let what, let limit): "The \(what) is larger than \(limit), so it was not read"
    case .refused(let what, let reason): "OpenSSL refused the \(what): \(reason)"
    }
  }
}

/// A TLS alert (RFC 8446 section 6).
package struct TLSAlert: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The code on the wire.
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let handshakeFailure = TLSAlert(rawValue: 40)
  package static let badCertificate = TLSAlert(rawValue: 42)
  package static let unsupportedCertificate = TLSAlert(rawValue: 43)
  package static let certificateRevoked = TLSAlert(rawValue: 44)
  package static let certificateExpired = TLSAlert(rawValue: 45)
  package static let certificateUnknown = TLSAlert(rawValue: 46)
  package static let illegalParameter = TLSAlert(rawValue: 47)
  package static let unknownAuthority = TLSAlert(rawValue: 48)
  package static let accessDenied = TLSAlert(rawValue: 49)
  package static let decodeError = TLSAlert(rawValue: 50)
  package static let protocolVersion = TLSAlert(rawValue: 70)
  package static let insufficientSecurity = TLSAlert(rawValue: 71)
  package static let unrecognizedName = TLSAlert(rawValue: 112)
  package static let certificateRequired = TLSAlert(rawValue: 116)
  package static let noApplicationProtocol = TLSAlert(rawValue: 120)

  /// Whether this alert, received by a client, is an opinion about the certificate that it showed or did not show.
  package var isAboutCertificate: Bool {
    (42...46).contains(rawValue) || [.unknownAuthority, .accessDenied, .certificateRequired].contains(self)
  }

  /// The name that OpenSSL gives it, with the code.
  package var description: String {
    switch self {
    case .certificateRequired: "certificate required (116)"
    case .noApplicationProtocol: "no application protocol (120)"
    default: "\(String(cString: SSL_alert_desc_string_long(Int32(rawValue)))) (\(rawValue))"
    }
  }
}
