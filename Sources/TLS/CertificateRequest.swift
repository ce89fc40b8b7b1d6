internal import COpenSSL

/// A request for a certificate (PKCS#10, RFC 2986), as its DER bytes: a subject and a public key, signed by that key.
package struct CertificateRequest: Hashable, Sendable {
  /// The whole request.
  package let der: [UInt8]
  /// More than any request needs.
  private static let limit = 64 << 10

  /// Exactly one request, with nothing after it.
  ///
  /// Throws `TLSError.malformed` or `.tooLarge`. The signature is not looked at here: see `hasValidSignature`.
  package init(der: some Collection<UInt8>) throws(TLSError) {
    if der.count > Self.limit { throw .tooLarge(what: "request", limit: "64 KiB") }
    let der = Array(der)
    guard let request = Self.decode(der) else { throw .malformed("certificate request") }
    X509_REQ_free(request)
    self.der = der
  }

  /// The one request in a file, PEM or DER.
  package static func read(_ bytes: [UInt8]) throws(TLSError) -> CertificateRequest {
    if !PEM.looksLikePEM(bytes) { return try CertificateRequest(der: bytes) }
    guard PEM.hasBlock(bytes) else { throw .malformed("certificate request") }
    let labels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]
    let blocks = try PEM.blocks(bytes).filter { labels.contains($0.label) }
    guard let block = blocks.first else { throw .malformed("certificate request") }
    if blocks.count > 1 { throw .invalid(what: "file", reason: "it holds more than one request") }
    return try CertificateRequest(der: block.der)
  }

  /// A new request for the public half of `key`, signed by it. It asks for a certificate for clients.
  ///
  /// Throws `TLSError.refused`.
  package static func make(key: PrivateKey, subject: DistinguishedName) throws(TLSError) -> CertificateRequest {
    ErrorQueue.clear()
    guard let request = X509_REQ_new() else { preconditionFailure("out of memory") }
    defer { X509_REQ_free(request) }
    try check("request", X509_REQ_set_version(request, 0))
    try subject.write(into: X509_REQ_get_subject_name(request))
    try check("key", X509_REQ_set_pubkey(request, key.pkey))
    guard let extensions = ferry_extensions_new() else { preconditionFailure("out of memory") }
    defer { ferry_extensions_free(extensions) }
    for (identifier, value) in [(NID_key_usage, key.endEntityUsage), (NID_ext_key_usage, "clientAuth")] {
      guard let made = X509V3_EXT_nconf_nid(nil, nil, identifier, value) else {
        throw .refused(what: "certificate extension", reason: ErrorQueue.reason())
      }
      // The list owns it now.
      ferry_extensions_push(extensions, made)
    }
    try check("request", X509_REQ_add_extensions(request, extensions))
    ErrorQueue.clear()
    if X509_REQ_sign(request, key.pkey, try key.digest()) <= 0 {
      throw .refused(what: "signature", reason: ErrorQueue.reason())
    }
    return try CertificateRequest(der: encode(request, i2d_X509_REQ))
  }

  /// The PEM form, ending with a newline.
  package var pem: String {
    withX509 { request in MemoryFile.text { PEM_write_bio_X509_REQ($0, request) } }
  }

  /// Whom it is for. Foreign text.
  package var subject: DistinguishedName {
    withX509 { DistinguishedName(X509_REQ_get_subject_name($0)) }
  }

  /// e.g. "ECDSA P-256".
  package var key: String {
    withX509 { keyDescription(X509_REQ_get0_pubkey($0)) }
  }

  /// How strong its key is, in bits of security; 0 for a key that OpenSSL does not know. 112 is the least to be used.
  var securityBits: Int {
    withX509 { X509_REQ_get0_pubkey($0).map { Int(EVP_PKEY_get_security_bits($0)) } ?? 0 }
  }

  var isForRSA: Bool {
    withX509 { X509_REQ_get0_pubkey($0).map { EVP_PKEY_get_base_id($0) == EVP_PKEY_RSA } ?? false }
  }

  /// The SHA-256 of the public key (SubjectPublicKeyInfo), the same as that of the certificate that answers it.
  package var publicKeySHA256: Fingerprint {
    withX509 { Fingerprint(of: encode(X509_REQ_get_X509_PUBKEY($0), i2d_X509_PUBKEY)) }
  }

  /// The SHA-256 of the whole request, for comparing it with the one that was sent.
  package var sha256: Fingerprint { Fingerprint(of: der) }

  /// Whether it is signed by its own key, which shows that whoever made it holds that key.
  package var hasValidSignature: Bool {
    withX509 { request in
      defer { ErrorQueue.clear() }
      guard let key = X509_REQ_get0_pubkey(request) else { return false }
      return X509_REQ_verify(request, key) == 1
    }
  }

  /// Calls `body` with the request as OpenSSL's structure, which is freed after it.
  func withX509<R, E: Error>(_ body: (OpaquePointer) throws(E) -> R) throws(E) -> R {
    guard let request = Self.decode(der) else { preconditionFailure("a request was read once, and now is not") }
    defer { X509_REQ_free(request) }
    return try body(request)
  }

  private static func decode(_ der: [UInt8]) -> OpaquePointer? {
    decodeWhole(der, { d2i_X509_REQ(nil, $0, $1) }, free: X509_REQ_free)
  }
}

/// Reads DER with one of OpenSSL's `d2i` functions; nil where that is not all of it. The caller frees the result.
func decodeWhole<T>(
  _ der: [UInt8], _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> T?, free: (T) -> Void
) -> T? {
  der.withUnsafeBufferPointer { bytes in
    ErrorQueue.clear()
    defer { ErrorQueue.clear() }
    var next = bytes.baseAddress
    guard let start = bytes.baseAddress, let result = decode(&next, bytes.count) else { return nil }
    if next == start + bytes.count { return result }
    free(result)
    return nil
  }
}
