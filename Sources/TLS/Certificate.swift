internal import COpenSSL

/// An X.509 certificate, as its DER bytes.
package struct Certificate: Hashable, Sendable {
  /// The whole certificate.
  package let der: [UInt8]

  /// Exactly one certificate, with nothing after it; else `TLSError.malformed`.
  package init(der: some Collection<UInt8>) throws(TLSError) {
    let der = Array(der)
    guard let x509 = X509.decode(der) else { throw .malformed("certificate") }
    X509_free(x509)
    self.der = der
  }

  /// A certificate that OpenSSL holds; the reference stays the caller's.
  init(copying x509: OpaquePointer) {
    der = encode(x509, i2d_X509)
  }

  /// The SHA-256 of the whole certificate: what a person compares.
  package var sha256: Fingerprint { Fingerprint(of: der) }

  /// The SHA-1 of the whole certificate as "AB:CD:…", for old tools that show nothing better.
  package var sha1: String { colonHex(digest(der, EVP_sha1())) }

  /// The SHA-256 of the public key (SubjectPublicKeyInfo), which a renewal with the same key keeps.
  package var publicKeySHA256: Fingerprint {
    withX509 { Fingerprint(of: encode(X509_get_X509_PUBKEY($0), i2d_X509_PUBKEY)) }
  }

  /// Calls `body` with the certificate as OpenSSL's structure, which is freed after it.
  func withX509<R, E: Error>(_ body: (OpaquePointer) throws(E) -> R) throws(E) -> R {
    guard let x509 = X509.decode(der) else { preconditionFailure("a certificate was read once, and now is not") }
    defer { X509_free(x509) }
    return try body(x509)
  }
}

/// What OpenSSL's structure is made from and back.
enum X509 {
  /// Reads one certificate with nothing after it. The caller frees it.
  static func decode(_ der: [UInt8]) -> OpaquePointer? {
    der.withUnsafeBufferPointer { bytes in
      ErrorQueue.clear()
      var next = bytes.baseAddress
      guard bytes.count > 0, let x509 = d2i_X509(nil, &next, bytes.count) else { return nil }
      if next == bytes.baseAddress.map({ $0 + bytes.count }) { return x509 }
      X509_free(x509)
      return nil
    }
  }
}

/// The DER form that one of OpenSSL's `i2d` functions gives.
func encode(
  _ object: OpaquePointer?, _ encoder: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
) -> [UInt8] {
  let count = encoder(object, nil)
  precondition(count > 0, "OpenSSL cannot encode what it holds")
  return [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
    var next = buffer.baseAddress
    initialized = Int(encoder(object, &next))
  }
}
