package import FTP
internal import Glibc
internal import SystemPackage
package import TLS

/// Signing authorities with their keys, each in a folder of its own under `authorities/`, and the register of what each
/// has signed: the certificates themselves, a file each in its folder `signed/`.
package struct AuthorityStore: Sendable {
  private let home: Home

  package init(_ home: Home) { self.home = home }

  /// All names, sorted.
  package func names() throws(StorageError) -> [String] {
    if access(home.path(of: .authorities).string, F_OK) != 0 { return [] }
    return try FolderNames.read(try home.prepare(.authorities)).filter { IdentityName.problem(with: $0) == nil }
  }

  /// Its own certificate.
  ///
  /// - Throws: `StorageError.authorityMissing`, `.identityFile` and others.
  package func certificate(of name: String) throws(StorageError) -> Certificate {
    let folder = try folder(name)
    guard let certificate = try folder.certificates(.certificate)?.first else {
      throw .identityFile(folder.path(of: .certificate), .malformed("certificate"))
    }
    return certificate
  }

  package func isEncrypted(_ name: String) throws(StorageError) -> Bool { try folder(name).isKeyEncrypted() }

  /// The authority with its key, to sign with.
  ///
  /// - Throws: also `StorageError`: `passphraseNeeded`, `wrongPassphrase`.
  package func load(_ name: String, passphrase: Secret?) throws(StorageError) -> Identity {
    let certificate = try certificate(of: name)
    let folder = try folder(name)
    let key = try folder.key(passphrase)
    do { return try Identity(chain: [certificate], key: key) } catch {
      throw .identityFile(folder.path(of: .key), error)
    }
  }

  /// Keeps a new one.
  ///
  /// - Throws: `StorageError`: `identityTaken`, `identityName`, `system`.
  package func add(_ name: String, _ authority: Identity, passphrase: Secret?) throws(StorageError) {
    try IdentityName.check(name)
    let folder = CredentialFolder(path: try home.prepare(.authorities).appending(name), name: name)
    if folder.exists { throw .identityTaken(name) }
    try folder.create([
      (.key, try CredentialFolder.keyFile(authority.key, passphrase)),
      (.certificate, CredentialFolder.pem(authority.chain)),
    ])
  }

  /// Enters a certificate into the register, before it is given to anybody.
  package func register(_ certificate: Certificate, by name: String) throws(StorageError) {
    let folder = try folder(name).path.appending("signed")
    try PrivateFolder.prepare(folder, tightening: true)
    let serial = certificate.details.serial.replacing(":", with: "")
    try PrivateFile.write(Array(certificate.pem.utf8), to: folder.appending("\(serial).pem"))
  }

  /// What it has signed, the oldest first.
  package func signed(by name: String) throws(StorageError) -> [Certificate] {
    let folder = try folder(name).path.appending("signed")
    if access(folder.string, F_OK) != 0 { return [] }
    var certificates: [Certificate] = []
    for file in try FolderNames.read(folder) where file.hasSuffix(".pem") {
      let path = folder.appending(file)
      guard let bytes = try PrivateFile.read(path, isSecret: false) else { continue }
      do { certificates += try Certificate.pem(bytes) } catch { throw .identityFile(path, error) }
    }
    return certificates.sorted { $0.details.notBefore < $1.details.notBefore }
  }

  private func folder(_ name: String) throws(StorageError) -> CredentialFolder {
    try IdentityName.check(name)
    if access(home.path(of: .authorities).appending(name).string, F_OK) != 0 { throw .authorityMissing(name) }
    let folder = CredentialFolder(path: try home.prepare(.authorities).appending(name), name: name)
    try folder.check()
    return folder
  }
}
