internal import FTP
internal import GRDB
internal import TLS

extension TrustedCertificate {
  /// Nil for a row that does not prove itself: the pin must be the digest of what is stored beside it. A row that bit
  /// rot or another program changed is no trust.
  init?(row: Row) {
    guard let mode = TLSMode(rawValue: row["mode"]), let kind = Kind(rawValue: row["kind"]),
      let pin = Fingerprint(bytes: row.bytes("pin")),
      let certificate = try? Certificate(der: row.bytes("certificate")),
      let issuers = CertificateList.decode(row.bytes("chain"))
    else { return nil }
    let proof: Fingerprint? =
      switch kind {
      case .certificate: certificate.sha256
      case .key: certificate.publicKeySHA256
      case .issuer: issuers.first?.sha256
      }
    if proof != pin { return nil }
    self.init(
      id: row["id"], host: row["host"], port: row["port"], mode: mode, kind: kind, pin: pin, certificate: certificate,
      issuers: issuers, note: row["note"], firstSeen: row["first_seen"], lastSeen: row["last_seen"],
      lastUsed: row["last_used"])
  }
}

/// Several certificates in one column: each with its length in four bytes, the highest first.
enum CertificateList {
  static func encode(_ certificates: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    for der in certificates {
      let length = UInt32(der.count)
      bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
      bytes += der
    }
    return bytes
  }

  /// Nil for what `encode` does not make of certificates.
  static func decode(_ bytes: [UInt8]) -> [Certificate]? {
    var rest = bytes[...]
    var certificates: [Certificate] = []
    while !rest.isEmpty {
      guard rest.count >= 4 else { return nil }
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard rest.count >= length, let certificate = try? Certificate(der: rest.prefix(length)) else { return nil }
      certificates.append(certificate)
      rest = rest.dropFirst(length)
    }
    return certificates
  }
}
