internal import COpenSSL

extension PrivateKey {
  /// e.g. "ECDSA P-256".
  package var description: String { keyDescription(pkey) }

  /// Whether it is strong enough for OpenSSL's security level 2 (112 bits).
  package var isStrong: Bool { EVP_PKEY_get_security_bits(pkey) >= 112 }

  /// Exactly one private key in DER: PKCS#8, encrypted or not, or one of the older forms of RSA and EC keys.
  ///
  /// Throws `TLSError.passphraseNeeded`, `.wrongPassphrase` or `.malformed`.
  package static func der(
    _ bytes: [UInt8], passphrase: UnsafeRawBufferPointer? = nil
  ) throws(TLSError) -> PrivateKey {
    if let encrypted = decodeWhole(bytes, { d2i_X509_SIG(nil, $0, $1) }, free: X509_SIG_free) {
      defer { X509_SIG_free(encrypted) }
      guard let passphrase else { throw .passphraseNeeded }
      let opened = PKCS8_decrypt(
        encrypted, passphrase.assumingMemoryBound(to: CChar.self).baseAddress, Int32(clamping: passphrase.count))
      ErrorQueue.clear()
      guard let opened else { throw .wrongPassphrase }
      defer { PKCS8_PRIV_KEY_INFO_free(opened) }
      guard let key = EVP_PKCS82PKEY(opened) else {
        ErrorQueue.clear()
        throw .malformed("private key")
      }
      return PrivateKey(owning: key)
    }
    guard let key = decodeWhole(bytes, { d2i_AutoPrivateKey(nil, $0, $1) }, free: EVP_PKEY_free) else {
      throw .malformed("private key")
    }
    return PrivateKey(owning: key)
  }
}
