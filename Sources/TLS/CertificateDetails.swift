internal import COpenSSL
internal import Glibc

/// What a certificate says. All text in it is foreign: not safe for a terminal as it is.
package struct CertificateDetails: Hashable, Sendable {
  package let subject: DistinguishedName
  package let issuer: DistinguishedName
  /// 1, 2 or 3.
  package let version: Int
  /// "0A:1B:…"; with a minus in front where the number is negative.
  package let serial: String
  /// The DNS names and IP addresses of the subject alternative name. A NUL in a name stays in it.
  package let names: [String]
  /// The other kinds of subject alternative names: "email ada@example.org", "URI …".
  package let otherNames: [String]
  /// Seconds since 1970, 0 for a time that cannot be read.
  package let notBefore: Int64
  /// Seconds since 1970, 0 for a time that cannot be read.
  package let notAfter: Int64
  /// e.g. "ECDSA P-256", "RSA 3072", "Ed25519".
  package let key: String
  /// 0 for a key that OpenSSL does not know.
  package let keyBits: Int
  /// OpenSSL's name, e.g. "ecdsa-with-SHA256".
  package let signatureAlgorithm: String
  /// Subject and issuer are the same.
  package let isSelfIssued: Bool
  /// It may sign other certificates.
  package let isAuthority: Bool
  /// e.g. "digital signature"; empty where the certificate does not restrict it.
  package let keyUsages: [String]
  /// e.g. "TLS Web Server Authentication"; empty where the certificate does not restrict it.
  package let extendedKeyUsages: [String]
}

extension CertificateDetails {
  /// Where a clock stands in the time for which the certificate is valid.
  package enum Validity: Hashable, Sendable {
    /// Whole days until it begins, rounded down.
    case notYet(days: Int)
    /// Whole days left, rounded down.
    case valid(daysLeft: Int)
    /// Whole days since it ended, rounded down.
    case over(days: Int)
  }

  /// - Parameter now: seconds since 1970.
  package func validity(at now: Int64) -> Validity {
    func days(_ from: Int64, _ to: Int64) -> Int {
      let (seconds, overflow) = to.subtractingReportingOverflow(from)
      return overflow ? Int.max : Int(seconds / 86_400)
    }
    if now < notBefore { return .notYet(days: days(now, notBefore)) }
    if now > notAfter { return .over(days: days(notAfter, now)) }
    return .valid(daysLeft: days(now, notAfter))
  }
}

extension Certificate {
  /// Read anew from the bytes each time.
  package var details: CertificateDetails {
    withX509 { x509 in
      let key = X509_get0_pubkey(x509)
      let flags = X509_get_extension_flags(x509)
      let names = alternativeNames(x509)
      return CertificateDetails(
        subject: DistinguishedName(X509_get_subject_name(x509)),
        issuer: DistinguishedName(X509_get_issuer_name(x509)),
        version: X509_get_version(x509) + 1,
        serial: serial(x509),
        names: names.hosts,
        otherNames: names.others,
        notBefore: seconds(X509_get0_notBefore(x509)),
        notAfter: seconds(X509_get0_notAfter(x509)),
        key: keyDescription(key),
        keyBits: key.map { Int(EVP_PKEY_get_bits($0)) } ?? 0,
        signatureAlgorithm: signatureName(x509),
        isSelfIssued: X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0,
        isAuthority: flags & UInt32(EXFLAG_CA) != 0,
        keyUsages: keyUsages(x509, flags),
        extendedKeyUsages: extendedKeyUsages(x509))
    }
  }
}

private func serial(_ x509: OpaquePointer) -> String {
  let number = X509_get0_serialNumber(x509)
  let sign = number.map { ASN1_STRING_type($0) == V_ASN1_NEG_INTEGER } ?? false ? "-" : ""
  return sign + colonHex(bytes(of: number))
}

private func alternativeNames(_ x509: OpaquePointer) -> (hosts: [String], others: [String]) {
  ErrorQueue.clear()
  guard let list = X509_get_ext_d2i(x509, NID_subject_alt_name, nil, nil).map({ OpaquePointer($0) }) else {
    return ([], [])
  }
  defer { GENERAL_NAMES_free(list) }
  var names: (hosts: [String], others: [String]) = ([], [])
  for index in 0..<ferry_general_names_count(list) {
    var kind: Int32 = 0
    guard let value = GENERAL_NAME_get0_value(ferry_general_names_at(list, index), &kind) else { continue }
    func content() -> [UInt8] { bytes(of: value.assumingMemoryBound(to: ASN1_STRING.self)) }
    func text() -> String { String(decoding: content(), as: UTF8.self) }
    switch kind {
    case GEN_DNS: names.hosts.append(text())
    case GEN_IPADD:
      let bytes = content()
      if let address = addressText(bytes) {
        names.hosts.append(address)
      } else {
        names.others.append("address \(colonHex(bytes))")
      }
    case GEN_EMAIL: names.others.append("email \(text())")
    case GEN_URI: names.others.append("URI \(text())")
    case GEN_DIRNAME: names.others.append("name \(DistinguishedName(OpaquePointer(value)))")
    default: names.others.append("another kind of name")
    }
  }
  return names
}

/// The text of 4 or 16 bytes; others are no address.
func addressText(_ bytes: [UInt8]) -> String? {
  guard bytes.count == 4 || bytes.count == 16 else { return nil }
  var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
  guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return nil }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Since 1970.
func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
  var parts = tm()
  guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return 0 }
  return Int64(timegm(&parts))
}

/// "ECDSA P-256" and the like.
func keyDescription(_ key: OpaquePointer?) -> String {
  guard let key else { return "unknown" }
  let bits = EVP_PKEY_get_bits(key)
  switch EVP_PKEY_get_base_id(key) {
  case EVP_PKEY_RSA: return "RSA \(bits)"
  case EVP_PKEY_RSA_PSS: return "RSA-PSS \(bits)"
  case EVP_PKEY_DSA: return "DSA \(bits)"
  case EVP_PKEY_ED25519: return "Ed25519"
  case EVP_PKEY_ED448: return "Ed448"
  case EVP_PKEY_EC:
    var name = [CChar](repeating: 0, count: 64)
    var count = 0
    guard EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else { return "ECDSA \(bits)" }
    let group = String(decoding: name.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return "ECDSA " + (["prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"][group] ?? group)
  default: return EVP_PKEY_get0_type_name(key).map { String(cString: $0) } ?? "unknown"
  }
}

func signatureName(_ x509: OpaquePointer) -> String {
  let identifier = X509_get_signature_nid(x509)
  if identifier == NID_undef { return "unknown" }
  return OBJ_nid2ln(identifier).map { String(cString: $0) } ?? "unknown"
}

private func keyUsages(_ x509: OpaquePointer, _ flags: UInt32) -> [String] {
  guard flags & UInt32(EXFLAG_KUSAGE) != 0 else { return [] }
  let usages = X509_get_key_usage(x509)
  let names: [(Int32, String)] = [
    (KU_DIGITAL_SIGNATURE, "digital signature"), (KU_NON_REPUDIATION, "non-repudiation"),
    (KU_KEY_ENCIPHERMENT, "key encipherment"), (KU_DATA_ENCIPHERMENT, "data encipherment"),
    (KU_KEY_AGREEMENT, "key agreement"), (KU_KEY_CERT_SIGN, "certificate signing"), (KU_CRL_SIGN, "CRL signing"),
    (KU_ENCIPHER_ONLY, "encipher only"), (KU_DECIPHER_ONLY, "decipher only"),
  ]
  return names.filter { usages & UInt32($0.0) != 0 }.map(\.1)
}

private func extendedKeyUsages(_ x509: OpaquePointer) -> [String] {
  ErrorQueue.clear()
  guard let list = X509_get_ext_d2i(x509, NID_ext_key_usage, nil, nil).map({ OpaquePointer($0) }) else { return [] }
  defer { EXTENDED_KEY_USAGE_free(list) }
  return (0..<ferry_objects_count(list)).map { objectName(ferry_objects_at(list, $0), long: true) }
}
