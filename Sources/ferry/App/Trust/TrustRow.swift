import FTP
import Storage

/// A certificate that is trusted for good, as the screen shows it.
struct TrustRow: Hashable, Sendable, Identifiable {
  let id: TrustedCertificate.ID
  /// Without a user.
  var server: ServerAddress
  var kind: TrustedCertificate.Kind
  /// The certificate and those of its issuers; never empty.
  var chain: [CertificateSheet]
  var note = ""
  /// Seconds since 1970, UTC.
  var firstSeen: Int64
  var lastSeen: Int64
  var lastUsed: Int64?

  var certificate: CertificateSheet { chain[0] }
}

extension TrustRow {
  init(_ trusted: TrustedCertificate) {
    self.init(
      id: trusted.id, server: ServerAddress(host: trusted.host, port: trusted.port, mode: trusted.mode),
      kind: trusted.kind, chain: CertificateSheet.sheets(of: [trusted.certificate] + trusted.issuers),
      note: trusted.note, firstSeen: trusted.firstSeen, lastSeen: trusted.lastSeen, lastUsed: trusted.lastUsed)
  }
}
