package import FTP
import Glibc
package import SystemPackage
package import TLS

/// The server's own certificate and key: made at its first start, and kept, so that clients meet the same one again.
package enum ServerIdentity {
  /// Both are in one file, so that there is never one without the other.
  package static let fileName = "server.pem"

  /// Names that a server on this machine is reached by.
  package static let localNames = ["localhost", "127.0.0.1", "::1"]

  /// The identity kept in `folder`; a new one without a passphrase where there is none.
  ///
  /// Throws `ServerError`, as ``load(_:passphrase:)`` does.
  package static func loadOrCreate(
    _ folder: FilePath, commonName: String = "Ferry on this computer", names: [String] = localNames, days: Int = 3650
  ) throws(ServerError) -> Identity {
    if let kept = try load(folder) { return kept }
    return try create(folder, commonName: commonName, names: names, days: days)
  }

  /// The identity kept in `folder`; nil where there is none.
  ///
  /// Throws `ServerError.passphraseNeeded`, `.wrongPassphrase`, or `.identityFile`, e.g. for a broken file: it is never
  /// replaced, for clients trust what was in it.
  package static func load(_ folder: FilePath, passphrase: Secret? = nil) throws(ServerError) -> Identity? {
    try reporting(folder) { file in try read(file).map { try parse($0, passphrase) } }
  }

  /// Makes an identity and keeps it in `folder`, which is made (0700) where it is missing; the file is only for its owner
  /// (0600), and its key encrypted where there is a passphrase. Where another process was first, that one's is given.
  ///
  /// - Parameter names: the DNS names and addresses that the certificate is for.
  package static func create(
    _ folder: FilePath, passphrase: Secret? = nil, commonName: String, names: [String], days: Int = 3650
  ) throws(ServerError) -> Identity {
    try reporting(folder) { file in
      try makeFolder(folder)
      try write(try make(commonName, names, days, passphrase), to: file)
      guard let kept = try read(file) else { throw Problem(reason: "The file has vanished") }
      return try parse(kept, passphrase)
    }
  }

  /// Gives the file to `body`, and what that throws a meaning.
  private static func reporting<R>(
    _ folder: FilePath, _ body: (FilePath) throws -> R
  ) throws(ServerError) -> R {
    let file = folder.appending(fileName)
    do {
      return try body(file)
    } catch TLSError.passphraseNeeded {
      throw .passphraseNeeded
    } catch TLSError.wrongPassphrase {
      throw .wrongPassphrase
    } catch let problem as Problem {
      throw .identityFile(file.description, reason: problem.reason)
    } catch {
      throw .identityFile(file.description, reason: "\(error)")
    }
  }

  private struct Problem: Error {
    let reason: String
  }

  private static func make(
    _ commonName: String, _ names: [String], _ days: Int, _ passphrase: Secret?
  ) throws -> [UInt8] {
    let key = try PrivateKey.generate(.ecP256)
    let certificate = try SelfSignedCertificate.make(
      key: key, commonName: commonName, names: names, days: days, purpose: .server)
    let text = if let passphrase { try passphrase.withBytes { try key.pem(passphrase: $0) } } else { try key.pem() }
    return text + Array(certificate.pem.utf8)
  }

  private static func parse(_ text: [UInt8], _ passphrase: Secret?) throws -> Identity {
    let key =
      if let passphrase {
        try passphrase.withBytes { try PrivateKey.pem(text, passphrase: $0) }
      } else {
        try PrivateKey.pem(text)
      }
    return try Identity(chain: Certificate.pem(text), key: key)
  }

  private static func makeFolder(_ folder: FilePath) throws {
    if folder.withPlatformString({ mkdir($0, 0o700) }) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
  }

  /// Nil where there is no file. A file that others may read has its rights taken back.
  private static func read(_ file: FilePath) throws -> [UInt8]? {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(file, .readOnly, options: [.noFollow, .closeOnExec])
    } catch Errno.noSuchFileOrDirectory {
      return nil
    }
    return try descriptor.closeAfter {
      var status = stat()
      guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      guard status.st_uid == geteuid() else { throw Problem(reason: "The file belongs to somebody else") }
      if status.st_mode & 0o077 != 0 { fchmod(descriptor.rawValue, 0o600) }
      guard status.st_size < 1 << 20 else { throw Problem(reason: "The file is too long") }
      return try [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
        count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
  }

  /// Writes beside the place and moves it there, unless something is there already.
  private static func write(_ text: [UInt8], to file: FilePath) throws {
    let draft = file.removingLastComponent().appending(".\(fileName).\(UInt64.random(in: 0 ... .max))")
    let descriptor = try FileDescriptor.open(
      draft, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
      permissions: .ownerReadWrite)
    defer { _ = draft.withPlatformString { unlink($0) } }
    try descriptor.closeAfter {
      try descriptor.writeAll(text)
      fsync(descriptor.rawValue)
    }
    let result = draft.withPlatformString { from in file.withPlatformString { to in link(from, to) } }
    if result != 0, errno != EEXIST { throw Errno(rawValue: errno) }
  }
}
