internal import FTP
internal import GRDB
internal import TLS

extension TrustedCertificate {
  /// Throws for a row that does not prove itself: the pin must be the digest of what is stored beside it. A row that
  /// bit rot or another program changed is no trust.
  init(row: Row) throws {
    let kind = try Kind(rawValue: row.read("kind")).orSpoilt()
    let pin = try Fingerprint(bytes: row.bytes("pin")).orSpoilt()
    let certificate = try Certificate(der: row.bytes("certificate"))
    let issuers = try CertificateList.decode(row.bytes("chain")).orSpoilt()
    let proof: Fingerprint? =
      switch kind {
      case .certificate: certificate.sha256
      case .key: certificate.publicKeySHA256
      case .issuer: issuers.first?.sha256
      }
    if proof != pin { throw SpoiltRow() }
    self.init(
      id: try row.read("id"), host: try row.read("host"), port: try row.read("port"),
      mode: try TLSMode(rawValue: row.read("mode")).orSpoilt(), kind: kind, pin: pin, certificate: certificate,
      issuers: issuers, note: try row.read("note"), firstSeen: try row.read("first_seen"),
      lastSeen: try row.read("last_seen"), lastUsed: try row.read("last_used") as Int64?)
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
