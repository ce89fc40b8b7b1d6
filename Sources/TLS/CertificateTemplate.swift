internal import COpenSSL
internal import Glibc

/// What a new certificate says; signed by a key, it becomes one.
struct CertificateTemplate {
  var subject: DistinguishedName
  /// DNS names and IP addresses.
  var names: [String] = []
  /// Seconds since 1970.
  var notBefore: Int64
  var notAfter: Int64
  /// e.g. "critical,CA:FALSE"; the text form of OpenSSL, never with foreign text in it.
  var basicConstraints = "critical,CA:FALSE"
  var keyUsage: String?
  var extendedKeyUsage: String?
  /// Where the issuer's certificate can be fetched; an ASCII address.
  var issuersAddress: String?
  /// Nil: what suits the key. Only tests sign with anything else.
  var digest: String?

  /// The certificate for the public half of `key`, signed by `issuer`, or by itself.
  func signed(for key: PrivateKey, by issuer: Identity? = nil) throws(TLSError) -> Certificate {
    try signed(key.pkey, by: issuer, signer: issuer?.key ?? key) { name throws(TLSError) in
      try subject.write(into: name)
    }
  }

  /// The certificate for the key and the subject of `request`, which is taken over to the byte.
  func signed(for request: CertificateRequest, by issuer: Identity) throws(TLSError) -> Certificate {
    try request.withX509 { request throws(TLSError) in
      guard let key = X509_REQ_get0_pubkey(request) else { throw .malformed("key in the request") }
      return try signed(key, by: issuer, signer: issuer.key, subject: X509_REQ_get_subject_name(request))
    }
  }

  private func signed(
    _ key: OpaquePointer, by issuer: Identity?, signer: PrivateKey, subject: OpaquePointer? = nil,
    write: (OpaquePointer?) throws(TLSError) -> Void = { _ in }
  ) throws(TLSError) -> Certificate {
    ErrorQueue.clear()
    guard let x509 = X509_new() else { preconditionFailure("out of memory") }
    defer { X509_free(x509) }
    try check("certificate", X509_set_version(x509, Int(X509_VERSION_3)))
    try setSerial(x509)
    try setValidity(x509)
    try check("key", X509_set_pubkey(x509, key))
    if let subject { try check("subject", X509_set_subject_name(x509, subject)) }
    // The certificate owns the name; this is only a look at it.
    try write(X509_get_subject_name(x509))
    if let issuer {
      try issuer.chain[0].withX509 { parent throws(TLSError) in
        try check("issuer", X509_set_issuer_name(x509, X509_get_subject_name(parent)))
        try addExtensions(to: x509, issuer: parent)
      }
    } else {
      try check("issuer", X509_set_issuer_name(x509, X509_get_subject_name(x509)))
      try addExtensions(to: x509, issuer: x509)
    }
    ErrorQueue.clear()
    if X509_sign(x509, signer.pkey, try signer.digest(digest)) <= 0 {
      throw .refused(what: "signature", reason: ErrorQueue.reason())
    }
    return Certificate(copying: x509)
  }

  /// 127 random bits, as public authorities do (at least 64 are asked for).
  private func setSerial(_ x509: OpaquePointer) throws(TLSError) {
    var bytes = [UInt8](repeating: 0, count: 16)
    try check("random number", RAND_bytes(&bytes, 16))
    bytes[0] = bytes[0] & 0x7F | 0x40
    let number = BN_bin2bn(bytes, 16, nil)
    defer { BN_free(number) }
    if BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) == nil { preconditionFailure("out of memory") }
  }

  private func setValidity(_ x509: OpaquePointer) throws(TLSError) {
    guard ASN1_TIME_set(X509_getm_notBefore(x509), time_t(notBefore)) != nil,
      ASN1_TIME_set(X509_getm_notAfter(x509), time_t(notAfter)) != nil
    else { throw .refused(what: "validity", reason: "the time cannot be written") }
  }

  private func addExtensions(to x509: OpaquePointer, issuer: OpaquePointer) throws(TLSError) {
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer, x509, nil, nil, 0)
    try add(NID_basic_constraints, basicConstraints, to: x509, &context)
    if let keyUsage { try add(NID_key_usage, keyUsage, to: x509, &context) }
    if let extendedKeyUsage { try add(NID_ext_key_usage, extendedKeyUsage, to: x509, &context) }
    try add(NID_subject_key_identifier, "hash", to: x509, &context)
    if issuer != x509 { try add(NID_authority_key_identifier, "keyid", to: x509, &context) }
    if let issuersAddress { try add(NID_info_access, "caIssuers;URI:" + issuersAddress, to: x509, &context) }
    if !names.isEmpty { try addNames(to: x509) }
  }

  private func add(
    _ identifier: Int32, _ value: String, to x509: OpaquePointer, _ context: inout X509V3_CTX
  ) throws(TLSError) {
    ErrorQueue.clear()
    guard let made = X509V3_EXT_nconf_nid(nil, &context, identifier, value) else {
      throw .refused(what: "certificate extension", reason: ErrorQueue.reason())
    }
    defer { X509_EXTENSION_free(made) }
    try check("certificate extension", X509_add_ext(x509, made, -1))
  }

  /// Made name by name: the text form of this extension would give commas and colons in a name a meaning.
  private func addNames(to x509: OpaquePointer) throws(TLSError) {
    guard let list = GENERAL_NAMES_new() else { preconditionFailure("out of memory") }
    defer { GENERAL_NAMES_free(list) }
    for text in names {
      let bytes: [UInt8]
      let kind: Int32
      switch HostName(text)?.kind {
      case .address(let address): (bytes, kind) = (address, GEN_IPADD)
      case .name: (bytes, kind) = (Array((HostName(text)?.ascii ?? text).utf8), GEN_DNS)
      case nil: (bytes, kind) = (Array(text.utf8), GEN_DNS)
      }
      guard let name = GENERAL_NAME_new(), let value = kind == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new()
      else { preconditionFailure("out of memory") }
      ASN1_STRING_set(value, bytes, Int32(bytes.count))
      // The name owns its value, the list its names.
      GENERAL_NAME_set0_value(name, kind, value)
      ferry_general_names_push(list, name)
    }
    try check("names", X509_add1_ext_i2d(x509, NID_subject_alt_name, UnsafeMutableRawPointer(list), 0, 0))
  }
}

extension CertificateTemplate {
  /// One whose subject is only a common name.
  init(
    commonName: String, names: [String] = [], notBefore: Int64, notAfter: Int64,
    basicConstraints: String = "critical,CA:FALSE", keyUsage: String? = nil, extendedKeyUsage: String? = nil,
    issuersAddress: String? = nil, digest: String? = nil
  ) {
    self.init(
      subject: DistinguishedName(commonName: commonName), names: names, notBefore: notBefore, notAfter: notAfter,
      basicConstraints: basicConstraints, keyUsage: keyUsage, extendedKeyUsage: extendedKeyUsage,
      issuersAddress: issuersAddress, digest: digest)
  }
}

extension PrivateKey {
  /// What a signature of this key is made over; Ed25519 has no separate digest.
  func digest(_ name: String? = nil) throws(TLSError) -> OpaquePointer? {
    if EVP_PKEY_get_base_id(pkey) == EVP_PKEY_ED25519 { return nil }
    guard let algorithm = EVP_get_digestbyname(name ?? "SHA256") else {
      throw .refused(what: "digest", reason: "not known")
    }
    return algorithm
  }
}
