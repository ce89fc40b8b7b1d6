internal import COpenSSL

/// What a file with certificates, a key or both holds, whatever its form: PEM blocks, or one DER certificate, PKCS#7
/// message (certificates only), PKCS#12 file or private key.
package struct CredentialFile: Sendable {
  package var key: PrivateKey?
  /// In the order of the file.
  package var certificates: [Certificate]

  /// Longer files are not read at all.
  package static let sizeLimit = 1 << 20
  /// More than any issuer puts into its answer.
  private static let mostCertificates = 32
  /// Servers take no more than this of a whole chain.
  private static let mostBytes = 64 << 10

  /// Reads the file's bytes.
  ///
  /// - Parameter wantsKey: whether private keys are read too; PEM files with encrypted ones then need no passphrase.
  ///
  /// Throws `TLSError.passphraseNeeded` and `.wrongPassphrase` for an encrypted key or PKCS#12 file, `.malformed` where
  /// there is nothing of the kind or a part of it is broken, and `.tooLarge`.
  package static func read(
    _ bytes: [UInt8], passphrase: UnsafeRawBufferPointer? = nil, wantsKey: Bool = true
  ) throws(TLSError) -> CredentialFile {
    if bytes.count > sizeLimit { throw .tooLarge(what: "file", limit: "1 MiB") }
    let file = try PEM.looksLikePEM(bytes) ? readPEM(bytes, passphrase, wantsKey) : readDER(bytes, passphrase)
    if file.certificates.count > mostCertificates {
      throw .tooLarge(what: "number of certificates", limit: "\(mostCertificates)")
    }
    if file.certificates.contains(where: { $0.der.count > mostBytes }) {
      throw .tooLarge(what: "certificate", limit: "64 KiB")
    }
    return file
  }

  package init(key: PrivateKey? = nil, certificates: [Certificate]) {
    self.key = key
    self.certificates = certificates
  }

  /// The certificate of a public key, by its SHA-256, with its issuers behind it, each the issuer of the one before;
  /// others are left out. Nil where none is for that key.
  package func chain(forPublicKey key: Fingerprint) -> [Certificate]? {
    guard let leaf = certificates.first(where: { $0.publicKeySHA256 == key }) else { return nil }
    var chain = [leaf]
    while let issuer = certificates.first(where: { !chain.contains($0) && $0.hasIssued(chain[chain.count - 1]) }) {
      chain.append(issuer)
    }
    return chain
  }

  private static func readPEM(
    _ bytes: [UInt8], _ passphrase: UnsafeRawBufferPointer?, _ wantsKey: Bool
  ) throws(TLSError) -> CredentialFile {
    guard PEM.hasBlock(bytes) else { throw .malformed("certificate or key file") }
    var file = CredentialFile(certificates: [])
    var hasKey = false
    for block in try PEM.blocks(bytes) {
      switch block.label {
      case "CERTIFICATE", "X509 CERTIFICATE": file.certificates.append(try Certificate(der: block.der))
      case "PKCS7", "PKCS #7 SIGNED DATA":
        guard let certificates = PKCS7Message.certificates(block.der) else { throw .malformed("PKCS#7 file") }
        file.certificates += certificates
      case let label where label.hasSuffix("PRIVATE KEY"): hasKey = true
      default: continue
      }
    }
    if hasKey, wantsKey { file.key = try PrivateKey.pem(bytes, passphrase: passphrase) }
    if file.key == nil, file.certificates.isEmpty { throw .malformed("certificate or key file") }
    return file
  }

  private static func readDER(
    _ bytes: [UInt8], _ passphrase: UnsafeRawBufferPointer?
  ) throws(TLSError) -> CredentialFile {
    if let certificate = try? Certificate(der: bytes) { return CredentialFile(certificates: [certificate]) }
    if PKCS12.isOne(bytes) {
      let (key, certificates) = try PKCS12.read(bytes, passphrase: passphrase)
      return CredentialFile(key: key, certificates: certificates)
    }
    if let certificates = PKCS7Message.certificates(bytes) { return CredentialFile(certificates: certificates) }
    do {
      return CredentialFile(key: try PrivateKey.der(bytes, passphrase: passphrase), certificates: [])
    } catch .malformed {
      throw .malformed("certificate or key file")
    }
  }
}

/// PKCS#7, of which only what authorities answer with is read: certificates without a message.
enum PKCS7Message {
  /// Nil for bytes that are no such message, or hold no certificate.
  static func certificates(_ der: [UInt8]) -> [Certificate]? {
    guard let message = decodeWhole(der, { d2i_PKCS7(nil, $0, $1) }, free: PKCS7_free) else { return nil }
    defer { PKCS7_free(message) }
    let stack = ferry_pkcs7_certificates(message)
    let certificates = (0..<ferry_certificates_count(stack)).compactMap { index in
      ferry_certificates_at(stack, index).map(Certificate.init(copying:))
    }
    return certificates.isEmpty ? nil : certificates
  }
}

extension Certificate {
  /// Whether `other` names this one as its issuer and is signed by its key. Not itself.
  func hasIssued(_ other: Certificate) -> Bool {
    withX509 { issuer in
      other.withX509 { subject in
        defer { ErrorQueue.clear() }
        guard self != other, X509_check_issued(issuer, subject) == X509_V_OK, let key = X509_get0_pubkey(issuer) else {
          return false
        }
        return X509_verify(subject, key) == 1
      }
    }
  }
}
