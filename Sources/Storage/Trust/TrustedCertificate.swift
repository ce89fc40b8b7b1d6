package import FTP
package import TLS

/// A certificate that the user accepted for good, for one server.
package struct TrustedCertificate: Hashable, Sendable, Identifiable {
  /// What is compared with the certificate that a server shows.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The whole certificate.
    case certificate
    /// Its public key, which a renewal may keep.
    case key
    /// The certificate of its issuer: every certificate that it signed for this host, as long as names and dates are
    /// right.
    case issuer

    /// What is compared, of a chain with the server's certificate first and, for `issuer`, the issuer's second.
    package func pin(of chain: [Certificate]) -> Fingerprint {
      switch self {
      case .certificate: chain[0].sha256
      case .key: chain[0].publicKeySHA256
      case .issuer: chain[1].sha256
      }
    }
  }

  package let id: Int64
  /// In the form of `HostName.ascii`.
  package let host: String
  /// 1...65535.
  package let port: Int
  package let mode: TLSMode
  package let kind: Kind
  /// SHA-256 of what `kind` names.
  package let pin: Fingerprint
  /// The server's certificate when it was accepted.
  /// For the kinds `key` and `issuer` the one that was shown last.
  package let certificate: Certificate
  /// What the server sent after it, from the issuer upwards; at most ten. For the kind `issuer` the accepted one is the
  /// first.
  package let issuers: [Certificate]
  /// The user's own words.
  package let note: String
  /// Seconds since 1970: when it was accepted first, shown by the server last, and logged in with last.
  package let firstSeen: Int64
  package let lastSeen: Int64
  package let lastUsed: Int64?

  package init(
    id: Int64, host: String, port: Int, mode: TLSMode, kind: Kind = .certificate, pin: Fingerprint,
    certificate: Certificate, issuers: [Certificate] = [], note: String = "", firstSeen: Int64, lastSeen: Int64,
    lastUsed: Int64? = nil
  ) {
    self.id = id
    self.host = host
    self.port = port
    self.mode = mode
    self.kind = kind
    self.pin = pin
    self.certificate = certificate
    self.issuers = issuers
    self.note = note
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.lastUsed = lastUsed
  }
}

/// What the store knows about the certificates of one server.
package enum TrustVerdict: Hashable, Sendable {
  /// It was accepted.
  case trusted(TrustedCertificate)
  /// Nothing was ever accepted for this host, port and mode.
  case unknown
  /// Others were accepted, this one was not. Never empty.
  case changed(previous: [TrustedCertificate])
}
