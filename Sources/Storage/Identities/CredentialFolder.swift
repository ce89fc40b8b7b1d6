internal import FTP
internal import Glibc
internal import SystemPackage
internal import TLS

/// The folder of one certificate with its key: files that each change in one step, for the owner alone.
struct CredentialFolder {
  let path: FilePath
  let name: String

  enum File: String {
    case key = "key.pem"
    /// The chain, the own certificate first.
    case certificate = "certificate.pem"
    case request = "request.pem"
    /// What `certificate` was before the present one, which was not used yet.
    case previous = "previous.pem"
  }

  func path(of file: File) -> FilePath { path.appending(file.rawValue) }

  /// Whether it is there.
  var exists: Bool { access(path.string, F_OK) == 0 }

  /// Makes the folder with its files in one step: after a crash all of it is there, or nothing.
  ///
  /// - Throws: `StorageError.identityTaken`, `.system`.
  func create(_ files: [(File, [UInt8])]) throws(StorageError) {
    let parent = path.removingLastComponent()
    var template = Array(parent.appending(".new.XXXXXX").string.utf8CString)
    guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
      throw .system(path, doing: "make the folder", errno: errno)
    }
    let temporary = template.withUnsafeBufferPointer { FilePath(platformString: $0.baseAddress!) }
    var isMoved = false
    defer { if !isMoved { CredentialFolder(path: temporary, name: name).removeAll() } }
    for (file, bytes) in files { try PrivateFile.write(bytes, to: temporary.appending(file.rawValue)) }
    // A folder that holds anything is not replaced.
    if rename(temporary.string, path.string) != 0 {
      if errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR { throw .identityTaken(name) }
      throw .system(path, doing: "make the folder", errno: errno)
    }
    isMoved = true
    PrivateFolder.flush(parent)
  }

  /// - Throws: `StorageError.identityMissing` where there is no such folder, and what `PrivateFolder.prepare` does.
  func check() throws(StorageError) {
    guard exists else { throw .identityMissing(name) }
    try PrivateFolder.prepare(path, tightening: true)
  }

  func read(_ file: File) throws(StorageError) -> [UInt8]? {
    try PrivateFile.read(path(of: file), isSecret: file == .key, limit: CredentialFile.sizeLimit)
  }

  func write(_ bytes: [UInt8], to file: File) throws(StorageError) {
    try PrivateFile.write(bytes, to: path(of: file))
  }

  func remove(_ file: File) throws(StorageError) {
    if unlink(path(of: file).string) != 0, errno != ENOENT {
      throw .system(path(of: file), doing: "remove", errno: errno)
    }
    PrivateFolder.flush(path)
  }

  /// The certificates in a file; nil where it is not there.
  ///
  /// - Throws: `StorageError.identityFile` for what is none.
  func certificates(_ file: File) throws(StorageError) -> [Certificate]? {
    guard let bytes = try read(file) else { return nil }
    do { return try Certificate.pem(bytes) } catch { throw .identityFile(path(of: file), error) }
  }

  /// The key.
  ///
  /// - Throws: `StorageError`: `passphraseNeeded`, `wrongPassphrase`, `identityFile`, `openToOthers`.
  func key(_ passphrase: Secret?) throws(StorageError) -> PrivateKey {
    guard let bytes = try read(.key) else { throw .identityFile(path(of: .key), .malformed("private key")) }
    do {
      guard let passphrase else { return try PrivateKey.pem(bytes) }
      return try passphrase.withBytes { bytes2 throws(TLSError) in
        try PrivateKey.pem(bytes, passphrase: bytes2)
      }
    } catch .passphraseNeeded {
      throw .passphraseNeeded(name)
    } catch .wrongPassphrase {
      throw .wrongPassphrase(name)
    } catch {
      throw .identityFile(path(of: .key), error)
    }
  }

  /// Whether the key needs a passphrase, without trying one.
  func isKeyEncrypted() throws(StorageError) -> Bool {
    guard let bytes = try read(.key) else { throw .identityFile(path(of: .key), .malformed("private key")) }
    let text = String(decoding: bytes.prefix(256), as: UTF8.self)
    return text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
  }

  /// The key's file, encrypted if there is a passphrase.
  static func keyFile(_ key: PrivateKey, _ passphrase: Secret?) throws(StorageError) -> [UInt8] {
    do {
      guard let passphrase, !passphrase.isEmpty else { return try key.pem() }
      return try passphrase.withBytes { bytes throws(TLSError) in try key.pem(passphrase: bytes) }
    } catch { throw .identityFile("key.pem", error) }
  }

  static func pem(_ chain: [Certificate]) -> [UInt8] { Array(chain.map(\.pem).joined().utf8) }

  /// Removes all files of it, and it: the key first.
  func removeAll() {
    for file in [File.key, .certificate, .request, .previous] { unlink(path(of: file).string) }
    rmdir(path.string)
    PrivateFolder.flush(path.removingLastComponent())
  }
}
