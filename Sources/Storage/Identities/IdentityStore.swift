package import FTP
internal import Glibc
internal import SystemPackage
package import TLS

/// Client certificates with their keys and requests, each in a folder of its own under `identities/`. Files are PEM, so
/// that other programs read them too.
///
/// Every call looks at the disk and blocks its thread meanwhile; reading an encrypted key takes a fifth of a second.
package struct IdentityStore: Sendable {
  private let home: Home
  private let clock: @Sendable () -> Int64

  /// - Parameter clock: seconds since 1970.
  package init(_ home: Home, clock: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }) {
    self.home = home
    self.clock = clock
  }

  package var now: Int64 { clock() }

  // MARK: Reading

  /// All names, sorted; none where nothing was ever kept.
  package func names() throws(StorageError) -> [String] {
    let path = home.path(of: .identities)
    if access(path.string, F_OK) != 0 { return [] }
    return try FolderNames.read(try home.prepare(.identities)).filter { IdentityName.problem(with: $0) == nil }
  }

  /// All of them by name; in the place of one that cannot be read, why.
  package func list() throws(StorageError) -> [(name: String, result: Result<StoredIdentity, StorageError>)] {
    try names().map { name in
      do throws(StorageError) { return (name, .success(try find(name))) } catch { return (name, .failure(error)) }
    }
  }

  /// The one of this name.
  ///
  /// - Throws: `StorageError`: `identityMissing`, `identityName`, `identityFile`, `openToOthers` and others.
  package func find(_ name: String) throws(StorageError) -> StoredIdentity {
    let folder = try folder(name)
    guard let chain = try folder.certificates(.certificate) else {
      throw .identityFile(folder.path(of: .certificate), .malformed("certificate"))
    }
    var request: CertificateRequest?
    if let bytes = try folder.read(.request) {
      do { request = try CertificateRequest.read(bytes) } catch {
        throw .identityFile(folder.path(of: .request), error)
      }
    }
    return StoredIdentity(
      name: name, chain: chain, isEncrypted: try folder.isKeyEncrypted(), request: request,
      previous: try folder.certificates(.previous)?.first)
  }

  /// The key, for a passphrase that fits.
  ///
  /// - Throws: also `StorageError`: `passphraseNeeded`, `wrongPassphrase`.
  package func key(of name: String, passphrase: Secret?) throws(StorageError) -> PrivateKey {
    try folder(name).key(passphrase)
  }

  /// The certificate with its key, to be shown to servers.
  ///
  /// - Throws: also `StorageError.identityUnfit` for one that is out of date, not for clients, or not for its key.
  package func load(_ name: String, passphrase: Secret?) throws(StorageError) -> Identity {
    let stored = try find(name)
    // What is wrong with the certificate is said before anybody is asked for a passphrase.
    if let problem = ClientCertificateProblem.first(of: stored.certificate, at: now) {
      throw .identityUnfit(name, problem)
    }
    let key = try key(of: name, passphrase: passphrase)
    do { return try Identity(chain: stored.chain, key: key) } catch { throw .identityUnfit(name, .keyMismatch) }
  }

  // MARK: Writing

  /// Keeps a new one.
  ///
  /// - Parameter chain: the certificate of `key` first.
  /// - Parameter passphrase: nil or empty leaves the key unencrypted.
  /// - Throws: `StorageError`: `identityTaken`, `identityName`, `system`.
  package func add(
    _ name: String, key: PrivateKey, chain: [Certificate], request: CertificateRequest? = nil, passphrase: Secret?
  ) throws(StorageError) {
    try IdentityName.check(name)
    let folder = CredentialFolder(path: try home.prepare(.identities).appending(name), name: name)
    if folder.exists { throw .identityTaken(name) }
    var files: [(CredentialFolder.File, [UInt8])] = [
      (.key, try CredentialFolder.keyFile(key, passphrase)), (.certificate, CredentialFolder.pem(chain)),
    ]
    if let request { files.append((.request, Array(request.pem.utf8))) }
    try folder.create(files)
  }

  /// Puts another certificate in the place of the present one, which is kept until the new one was used. It is for the
  /// same key: `chain[0]` is compared with the present certificate, so that no passphrase is needed.
  ///
  /// - Throws: `StorageError.identityUnfit` for one that is for another key, out of date or not for clients; then
  ///   nothing is changed.
  package func replaceCertificate(of name: String, by chain: [Certificate]) throws(StorageError) {
    let stored = try find(name)
    let folder = try folder(name)
    guard let leaf = chain.first, leaf.publicKeySHA256 == stored.certificate.publicKeySHA256 else {
      throw .identityUnfit(name, .keyMismatch)
    }
    if let problem = ClientCertificateProblem.first(of: leaf, at: now) { throw .identityUnfit(name, problem) }
    if leaf == stored.certificate {
      // Perhaps with a better chain.
      return try folder.write(CredentialFolder.pem(chain), to: .certificate)
    }
    // One that was never used is not worth keeping: what was used before it stays.
    if stored.previous == nil { try folder.write(CredentialFolder.pem(stored.chain), to: .previous) }
    try folder.write(CredentialFolder.pem(chain), to: .certificate)
  }

  /// Takes back the last replacement, as long as the new certificate was not used.
  ///
  /// - Throws: `StorageError.noPrevious`.
  package func restorePrevious(of name: String) throws(StorageError) {
    let folder = try folder(name)
    guard let previous = try folder.read(.previous) else { throw .noPrevious(name) }
    try folder.write(previous, to: .certificate)
    try folder.remove(.previous)
  }

  /// A server has let the certificate in: the one before it is not needed any more.
  package func wasUsed(_ name: String, _ certificate: Certificate) throws(StorageError) {
    let stored = try find(name)
    guard stored.previous != nil, stored.certificate == certificate else { return }
    try folder(name).remove(.previous)
  }

  package func setRequest(_ request: CertificateRequest, of name: String) throws(StorageError) {
    try folder(name).write(Array(request.pem.utf8), to: .request)
  }

  /// Encrypts the key anew; nil or an empty passphrase leaves it unencrypted.
  package func setPassphrase(_ passphrase: Secret?, of name: String, key: PrivateKey) throws(StorageError) {
    let folder = try folder(name)
    guard try find(name).certificate.publicKeySHA256 == key.publicKeySHA256 else {
      throw .identityUnfit(name, .keyMismatch)
    }
    try folder.write(try CredentialFolder.keyFile(key, passphrase), to: .key)
  }

  /// Removes it with its key, for good.
  ///
  /// - Throws: `StorageError.identityMissing`.
  package func remove(_ name: String) throws(StorageError) {
    try IdentityName.check(name)
    let folder = CredentialFolder(path: home.path(of: .identities).appending(name), name: name)
    guard folder.exists else { throw .identityMissing(name) }
    folder.removeAll()
    if folder.exists { throw .system(folder.path, doing: "remove", errno: errno) }
  }

  private func folder(_ name: String) throws(StorageError) -> CredentialFolder {
    try IdentityName.check(name)
    let path = home.path(of: .identities)
    if access(path.string, F_OK) != 0 { throw .identityMissing(name) }
    let folder = CredentialFolder(path: try home.prepare(.identities).appending(name), name: name)
    try folder.check()
    return folder
  }
}

/// The names in a folder, those of hidden files left out, sorted.
enum FolderNames {
  static func read(_ path: FilePath) throws(StorageError) -> [String] {
    guard let stream = opendir(path.string) else { throw .system(path, doing: "read", errno: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
