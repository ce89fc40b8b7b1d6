internal import COpenSSL

/// Files with a key and its certificates under one passphrase (RFC 7292), as browsers and Windows exchange them.
package enum PKCS12 {
  /// What guessing a passphrase costs, for the encryption and for the check of the whole.
  private static let rounds: Int32 = 100_000
  /// A file that asks for more would keep the program busy for minutes.
  private static let mostRounds = 10_000_000

  /// A file with the key and the whole chain, encrypted with AES-256 (PBKDF2, HMAC-SHA-256).
  ///
  /// `name` is what programs show for it. Throws `TLSError.refused`, and `.invalid` for a passphrase with a NUL in it.
  package static func make(
    _ identity: Identity, name: String, passphrase: UnsafeRawBufferPointer
  ) throws(TLSError) -> [UInt8] {
    guard let issuers = ferry_certificates_new() else { preconditionFailure("out of memory") }
    defer { ferry_certificates_free(issuers) }
    // The stack keeps the reference that decoding gives.
    for issuer in identity.chain.dropFirst() { ferry_certificates_push(issuers, X509.decode(issuer.der)) }
    return try identity.chain[0].withX509 { leaf throws(TLSError) in
      try withCString(passphrase) { passphrase throws(TLSError) in
        ErrorQueue.clear()
        let made = PKCS12_create(
          passphrase, printable(name), identity.key.pkey, leaf, issuers, NID_aes_256_cbc, NID_aes_256_cbc, rounds,
          rounds, 0)
        guard let made else { throw .refused(what: "PKCS#12 file", reason: ErrorQueue.reason()) }
        defer { PKCS12_free(made) }
        return encode(made, i2d_PKCS12)
      }
    }
  }

  /// Whether the bytes are such a file at all, whatever its passphrase.
  static func isOne(_ bytes: [UInt8]) -> Bool {
    guard let file = decode(bytes) else { return false }
    PKCS12_free(file)
    return true
  }

  /// The key and the certificates of a file, the key's own first.
  ///
  /// Throws `TLSError.passphraseNeeded`, `.wrongPassphrase`, `.malformed`, or `.invalid` for a file that is encrypted in
  /// a way that OpenSSL does not offer any more.
  package static func read(
    _ bytes: [UInt8], passphrase: UnsafeRawBufferPointer? = nil
  ) throws(TLSError) -> (key: PrivateKey?, certificates: [Certificate]) {
    guard let file = decode(bytes) else { throw .malformed("PKCS#12 file") }
    defer { PKCS12_free(file) }
    try checkRounds(file)
    guard let passphrase else { return try parse(file, nil, else: .passphraseNeeded) }
    return try withCString(passphrase) { text throws(TLSError) in
      try parse(file, text, else: .wrongPassphrase)
    }
  }

  private static func parse(
    _ file: OpaquePointer, _ passphrase: UnsafePointer<CChar>?, else wrong: TLSError
  ) throws(TLSError) -> (key: PrivateKey?, certificates: [Certificate]) {
    var key: OpaquePointer?
    var leaf: OpaquePointer?
    var others: OpaquePointer?
    ErrorQueue.clear()
    guard PKCS12_parse(file, passphrase, &key, &leaf, &others) == 1 else {
      let entries = ErrorQueue.drain()
      if entries.contains(where: { $0.library == ERR_LIB_PKCS12 && $0.reason == PKCS12_R_MAC_VERIFY_FAILURE }) {
        throw wrong
      }
      if entries.contains(where: { $0.reason == ERR_R_UNSUPPORTED || $0.reason == EVP_R_UNSUPPORTED_ALGORITHM }) {
        throw .invalid(
          what: "PKCS#12 file",
          reason: "it is encrypted in an outdated way; write it anew with \u{201C}openssl pkcs12 -legacy\u{201D}")
      }
      throw .malformed("PKCS#12 file")
    }
    defer { X509_free(leaf) }
    defer { ferry_certificates_free(others) }
    let issuers = (0..<ferry_certificates_count(others)).compactMap { index in
      ferry_certificates_at(others, index).map(Certificate.init(copying:))
    }
    return (key.map(PrivateKey.init(owning:)), [leaf].compactMap { $0.map(Certificate.init(copying:)) } + issuers)
  }

  private static func checkRounds(_ file: OpaquePointer) throws(TLSError) {
    var count: UnsafePointer<ASN1_INTEGER>?
    PKCS12_get0_mac(nil, nil, nil, &count, file)
    // One round where none are said.
    if let count, !(0...mostRounds).contains(ASN1_INTEGER_get(count)) { throw .malformed("PKCS#12 file") }
  }

  private static func decode(_ bytes: [UInt8]) -> OpaquePointer? {
    decodeWhole(bytes, { d2i_PKCS12(nil, $0, $1) }, free: PKCS12_free)
  }

  /// Lends a copy of a passphrase that ends with a NUL, as these functions want it, and wipes it.
  private static func withCString<R>(
    _ passphrase: UnsafeRawBufferPointer, _ body: (UnsafePointer<CChar>) throws(TLSError) -> R
  ) throws(TLSError) -> R {
    if passphrase.contains(0) { throw .invalid(what: "passphrase", reason: "it has a NUL in it") }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: passphrase.count + 1, alignment: 1)
    defer {
      OPENSSL_cleanse(copy.baseAddress, copy.count)
      copy.deallocate()
    }
    copy.copyMemory(from: passphrase)
    copy[passphrase.count] = 0
    return try body(UnsafePointer(copy.assumingMemoryBound(to: CChar.self).baseAddress!))
  }
}
