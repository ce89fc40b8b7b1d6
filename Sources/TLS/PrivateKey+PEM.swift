internal import COpenSSL

extension PrivateKey {
  /// The first private key of a PEM text (PKCS#8, encrypted or not, or the older forms of OpenSSL).
  ///
  /// Throws `TLSError.passphraseNeeded`, `.wrongPassphrase` or `.malformed`. Never asks on a terminal.
  package static func pem(
    _ text: some Collection<UInt8>, passphrase: UnsafeRawBufferPointer? = nil
  ) throws(TLSError) -> PrivateKey {
    let file = MemoryFile(Array(text))
    var asked = PassphraseRequest(passphrase: passphrase)
    ErrorQueue.clear()
    let key = withUnsafeMutablePointer(to: &asked) { asked in
      PEM_read_bio_PrivateKey(
        file.bio, nil,
        { buffer, capacity, _, asked in
          guard let buffer, let asked = asked?.assumingMemoryBound(to: PassphraseRequest.self) else { return -1 }
          return asked.pointee.answer(UnsafeMutableRawBufferPointer(start: buffer, count: Int(capacity)))
        }, asked)
    }
    ErrorQueue.clear()
    if let key { return PrivateKey(owning: key) }
    if !asked.wasAsked { throw .malformed("private key") }
    throw passphrase == nil ? .passphraseNeeded : .wrongPassphrase
  }

  /// The PKCS#8 PEM form, encrypted with AES-256 under `passphrase` (PBKDF2, HMAC-SHA-256, 600,000 rounds) if there is
  /// one. The result of an unencrypted export is the secret itself.
  package func pem(passphrase: UnsafeRawBufferPointer? = nil) throws(TLSError) -> [UInt8] {
    let file = MemoryFile()
    guard let passphrase else {
      try check("key", PEM_write_bio_PKCS8PrivateKey(file.bio, pkey, nil, nil, 0, nil, nil))
      return file.bytes
    }
    ErrorQueue.clear()
    guard let plain = EVP_PKEY2PKCS8(pkey) else { throw .refused(what: "key", reason: ErrorQueue.reason()) }
    defer { PKCS8_PRIV_KEY_INFO_free(plain) }
    guard
      let method = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), 600_000, nil, 16, nil, NID_hmacWithSHA256)
    else { throw .refused(what: "passphrase", reason: ErrorQueue.reason()) }
    // On success the method belongs to the result.
    guard
      let encrypted = PKCS8_set0_pbe(
        passphrase.assumingMemoryBound(to: CChar.self).baseAddress, Int32(passphrase.count), plain, method)
    else {
      X509_ALGOR_free(method)
      throw .refused(what: "passphrase", reason: ErrorQueue.reason())
    }
    defer { X509_SIG_free(encrypted) }
    try check("key", PEM_write_bio_PKCS8(file.bio, encrypted))
    return file.bytes
  }
}

/// What OpenSSL asks with while it reads an encrypted key.
private struct PassphraseRequest {
  let passphrase: UnsafeRawBufferPointer?
  var wasAsked = false

  /// Copies the passphrase to OpenSSL's buffer and gives its length, or -1 when there is none or it does not fit.
  mutating func answer(_ buffer: UnsafeMutableRawBufferPointer) -> Int32 {
    wasAsked = true
    guard let passphrase, passphrase.count <= buffer.count else { return -1 }
    buffer.copyMemory(from: passphrase)
    return Int32(passphrase.count)
  }
}
