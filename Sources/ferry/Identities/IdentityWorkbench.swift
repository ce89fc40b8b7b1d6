import FTP
import Storage
import TLS

/// What can be done with a client certificate that is kept, for the commands and the screen alike. Every call blocks its
/// thread for as long as the disk and OpenSSL take.
struct IdentityWorkbench: Sendable {
  let store: IdentityStore

  /// Puts the answer of a signer in the place of the present certificate, with its chain; needs no passphrase.
  ///
  /// - Parameter bytes: PEM, DER or PKCS#7.
  /// - Throws: `TLSError` for a file that holds no certificate of this key, `StorageError` for one that is unfit.
  func install(_ bytes: [UInt8], for name: String) throws -> StoredIdentity {
    let stored = try store.find(name)
    let file = try CredentialFile.read(bytes, wantsKey: false)
    guard let chain = file.chain(forPublicKey: stored.certificate.publicKeySHA256) else {
      throw StorageError.identityUnfit(name, .keyMismatch)
    }
    try store.replaceCertificate(of: name, by: chain)
    return try store.find(name)
  }

  /// What may keep some servers from taking a certificate that others take; nil where there is nothing.
  static func doubt(about certificate: Certificate) -> String? {
    guard certificate.details.version < 3 else { return nil }
    return "It has the outdated form (version 1), which strict servers refuse: ask the signer to keep the request's "
      + "extensions, as openssl x509 -req does with -copy_extensions copy."
  }

  /// Makes a self-signed certificate anew, with the same key and subject, and a new request in any case: a signed
  /// certificate stays until the answer to that is installed.
  func renew(_ name: String, key: PrivateKey, days: Int) throws -> StoredIdentity {
    let stored = try store.find(name)
    let subject = stored.certificate.details.subject
    let request = try CertificateRequest.make(key: key, subject: subject)
    if stored.isSelfSigned {
      let certificate = try SelfSignedCertificate.make(key: key, subject: subject, days: days, purpose: .client)
      try store.replaceCertificate(of: name, by: [certificate])
    }
    try store.setRequest(request, of: name)
    return try store.find(name)
  }

  /// Keeps what other programs have made: a key and its certificate, from one file or several.
  ///
  /// - Throws: `TLSError` where a part is missing, `StorageError` where it is unfit.
  func add(_ files: [CredentialFile], as name: String, passphrase: Secret?) throws -> StoredIdentity {
    let keys = files.compactMap(\.key)
    guard let key = keys.first else { throw ItemProblem("There is no private key in it; give its file too.") }
    if keys.count > 1 { throw ItemProblem("There is more than one private key in it.") }
    if !key.isStrong { throw StorageError.identityUnfit(name, .weakKey(key.description)) }
    let whole = CredentialFile(key: key, certificates: files.flatMap(\.certificates))
    if whole.certificates.isEmpty { throw ItemProblem("There is no certificate in it; give its file too.") }
    guard let chain = whole.chain(forPublicKey: key.publicKeySHA256) else {
      throw StorageError.identityUnfit(name, .keyMismatch)
    }
    if let problem = ClientCertificateProblem.first(of: chain[0], key: key, at: store.now) {
      throw StorageError.identityUnfit(name, problem)
    }
    try store.add(name, key: key, chain: chain, passphrase: passphrase)
    return try store.find(name)
  }

  /// Certificate, issuers and key in one file, under a passphrase of its own.
  ///
  /// - Throws: `TLSError`.
  func pkcs12(_ stored: StoredIdentity, key: PrivateKey, passphrase: Secret) throws -> [UInt8] {
    let identity = try Identity(chain: stored.chain, key: key)
    return try passphrase.withBytes { bytes throws(TLSError) in
      try PKCS12.make(identity, name: stored.name, passphrase: bytes)
    }
  }

  /// The last request; one that was imported has none yet, and a new one is made with its key.
  func request(of stored: StoredIdentity, key: () async throws -> PrivateKey) async throws -> CertificateRequest {
    if let request = stored.request { return request }
    let subject = stored.certificate.details.subject
    let request = try CertificateRequest.make(key: try await key(), subject: subject)
    try store.setRequest(request, of: stored.name)
    return request
  }
}
