internal import COpenSSL

/// A private key with its public half. The key itself stays in OpenSSL's memory, which is wiped when it is freed.
package struct PrivateKey: Sendable {
  private let box: Box

  /// What a key can be made as.
  package enum Kind: Hashable, Sendable {
    case ecP256
    case ecP384
    case ed25519
    /// 2048...16384 bits.
    case rsa(bits: Int)
  }

  /// A new key from OpenSSL's random numbers.
  package static func generate(_ kind: Kind) throws(TLSError) -> PrivateKey {
    let identifier =
      switch kind {
      case .ecP256, .ecP384: EVP_PKEY_EC
      case .ed25519: EVP_PKEY_ED25519
      case .rsa: EVP_PKEY_RSA
      }
    ErrorQueue.clear()
    guard let context = EVP_PKEY_CTX_new_id(identifier, nil) else {
      throw .refused(what: "key", reason: ErrorQueue.reason())
    }
    defer { EVP_PKEY_CTX_free(context) }
    try check("key", EVP_PKEY_keygen_init(context))
    switch kind {
    case .ecP256: try check("key", EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1))
    case .ecP384: try check("key", EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_secp384r1))
    case .ed25519: break
    case .rsa(let bits):
      guard (2048...16384).contains(bits) else {
        throw .refused(what: "key", reason: "an RSA key has 2048 to 16384 bits")
      }
      try check("key", EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)))
    }
    var key: OpaquePointer?
    try check("key", EVP_PKEY_keygen(context, &key))
    guard let key else { throw .refused(what: "key", reason: "no key was made") }
    return PrivateKey(owning: key)
  }

  /// Takes over the caller's reference.
  init(owning pkey: OpaquePointer) {
    box = Box(pkey: pkey)
  }

  /// OpenSSL's key, which lives as long as this value.
  var pkey: OpaquePointer { box.pkey }

  /// The SHA-256 of the public key (SubjectPublicKeyInfo), the same as that of each of its certificates.
  package var publicKeySHA256: Fingerprint {
    Fingerprint(of: encode(pkey, i2d_PUBKEY))
  }

  /// Whether `certificate` is for this key.
  package func matches(_ certificate: Certificate) -> Bool {
    certificate.withX509 { x509 in
      ErrorQueue.clear()
      return X509_check_private_key(x509, pkey) == 1
    }
  }

  /// OpenSSL keys are counted references, and are only read after they were made; hence sendable.
  private final class Box: @unchecked Sendable {
    let pkey: OpaquePointer

    init(pkey: OpaquePointer) {
      self.pkey = pkey
    }

    deinit {
      EVP_PKEY_free(pkey)
    }
  }
}
