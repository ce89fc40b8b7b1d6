internal import FTP
internal import GRDB
internal import Glibc
package import SystemPackage
package import TLS

/// Why something could not be kept, or read back.
package enum StorageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Neither `FERRY_HOME` nor `HOME` is set, and the user database names no folder either.
  case noHome
  /// A folder or a file belongs to somebody else, or is a symbolic link that somebody else made.
  case foreignOwner(FilePath, user: UInt32)
  /// Others may write into the folder, or read the file of a secret.
  case openToOthers(FilePath, isFolder: Bool)
  /// Something is there, but not a folder (`isFolder`), or not a regular file.
  case wrongKind(FilePath, isFolder: Bool)
  /// The system refused; `errno` says why.
  case system(FilePath, doing: String, errno: Int32)
  /// The database was found damaged while it was in use. The next `FerryDatabase.open` checks all of it.
  case damaged(FilePath)
  /// The database is damaged, and cannot be replaced while another running copy has it open.
  case damagedInUse(FilePath)
  /// The tables must be brought up to date, and another running copy of an older version uses them.
  case olderCopyRunning(FilePath)
  /// Another process kept the database locked for longer than anybody waits.
  case busy(FilePath)
  /// No space is left for the database. Nothing was changed.
  case full(FilePath)
  /// SQLite refused for another reason; the code is its extended result code.
  case sqlite(code: Int32, message: String)
  /// A server's own database is damaged, of a newer Ferry, or something else.
  case unusableState(FilePath)
  /// A site of this name exists.
  case nameTaken(String)
  /// A file holds no trusted certificates that can be taken over: why, to go on with the sentence.
  case noTrustFile(String)
  /// What is kept of a server's certificate does not prove itself any more, so nothing is known of the server.
  case spoiltTrust(host: String, port: Int)
  /// A server address has a host that can be none.
  case invalidHost(String)
  /// A client certificate or an authority cannot be called this; why.
  case identityName(String, reason: String)
  /// There is no client certificate of this name.
  case identityMissing(String)
  /// There is no signing authority of this name.
  case authorityMissing(String)
  /// A client certificate or an authority of this name exists.
  case identityTaken(String)
  /// A certificate, key or request that is kept cannot be read.
  case identityFile(FilePath, TLSError)
  /// The client certificate of this name cannot be shown to servers, or not be put in the place of the present one.
  case identityUnfit(String, ClientCertificateProblem)
  /// The key of this name is encrypted, and no passphrase was given.
  case passphraseNeeded(String)
  /// The passphrase does not open the key of this name.
  case wrongPassphrase(String)
  /// Nothing was replaced, or the new certificate was used already.
  case noPrevious(String)

  /// Whether the same call may succeed later without anybody doing anything.
  package var isWorthRetrying: Bool {
    switch self {
    case .busy, .full: true
    case .noHome, .foreignOwner, .openToOthers, .wrongKind, .system, .damaged, .damagedInUse, .olderCopyRunning,
      .sqlite, .nameTaken, .noTrustFile, .spoiltTrust, .invalidHost, .identityName, .identityMissing, .authorityMissing,
      .identityTaken,
      .identityFile, .identityUnfit, .passphraseNeeded, .wrongPassphrase, .noPrevious:
      false
    case .unusableState: false
    }
  }

  /// What happened and what to do, without a newline at the end; names are escaped.
  package var description: String {
    switch self {
    case .noHome:
      "There is no home folder. Set HOME or FERRY_HOME."
    case .foreignOwner(let path, let user):
      "\(shown(path)) belongs to user \(user), not to you. Ferry keeps nothing there; set FERRY_HOME to another folder."
    case .openToOthers(let path, isFolder: true):
      "Other users can write into \(shown(path)). Run chmod 700 on it."
    case .openToOthers(let path, isFolder: false):
      "Other users can read or write \(shown(path)). Run chmod 600 on it."
    case .wrongKind(let path, let isFolder):
      "\(shown(path)) is not a \(isFolder ? "folder" : "regular file"). Move it away."
    case .system(let path, let doing, let errno):
      "Cannot \(doing) \(shown(path)): \(String(cString: strerror(errno)))."
    case .damaged(let path):
      "\(shown(path)) is damaged. Restart Ferry: it keeps the file aside and starts a new one."
    case .damagedInUse(let path):
      "\(shown(path)) is damaged and in use. Quit all running copies of Ferry, then start it again."
    case .olderCopyRunning(let path):
      "An older copy of Ferry is using \(shown(path)). Quit it, then start this one again."
    case .busy(let path):
      "Another program has locked \(shown(path)). Try again."
    case .full(let path):
      "No space is left on the disk of \(shown(path)). Nothing was changed."
    case .sqlite(let code, let message):
      "The database failed (SQLite \(code)): \(SafeText.escape(message))."
    case .unusableState(let path):
      "\(shown(path)) is damaged, or of a newer Ferry. Move it away: the server then begins anew, without its users."
    case .nameTaken(let name):
      "A site named \(SafeText.escape(name)) exists already."
    case .noTrustFile(let reason):
      "The file cannot be taken over: \(reason)."
    case .spoiltTrust(let host, let port):
      "What is kept of the certificate of \(SafeText.escape(host)):\(port) is damaged. Remove it with ferry trust remove "
        + "\(SafeText.escape(host)); the next certificate is then judged like that of a new server."
    case .invalidHost(let host):
      "\(SafeText.escape(host)) cannot be a host name."
    case .identityName(let name, let reason):
      "The name \u{201C}\(SafeText.escape(name))\u{201D} cannot be used: \(reason)."
    case .identityMissing(let name):
      "There is no client certificate named \(SafeText.escape(name)); ferry identity list shows all."
    case .authorityMissing(let name):
      "There is no signing authority named \(SafeText.escape(name)). Make it with ferry authority create."
    case .identityTaken(let name):
      "Something named \(SafeText.escape(name)) exists already. Choose another name, or remove it first."
    case .identityFile(let path, let error):
      "\(shown(path)) cannot be used: \(error)."
    case .identityUnfit(let name, let problem):
      "The certificate for \(SafeText.escape(name)) cannot be used. \(problem)"
    case .passphraseNeeded(let name):
      "The key of \(SafeText.escape(name)) needs its passphrase: use a terminal, or --passphrase-file."
    case .wrongPassphrase(let name):
      "The passphrase does not open the key of \(SafeText.escape(name))."
    case .noPrevious(let name):
      "No earlier certificate of \(SafeText.escape(name)) is kept: it was not replaced, or the new one was used already."
    }
  }

  private func shown(_ path: FilePath) -> String { SafeText.escape(path.string) }
}

extension StorageError {
  /// What an error of GRDB, or one of ours that passed through it, means for the database at `path`.
  init(_ error: any Error, at path: FilePath) {
    if let error = error as? StorageError {
      self = error
      return
    }
    if error is SpoiltRow || error is RowDecodingError {
      self = .damaged(path)
      return
    }
    guard let error = error as? DatabaseError else {
      self = .sqlite(code: -1, message: String(describing: error))
      return
    }
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: self = .damaged(path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path)
    case .SQLITE_FULL: self = .full(path)
    case .SQLITE_READONLY, .SQLITE_PERM: self = .system(path, doing: "write", errno: EACCES)
    default: self = .sqlite(code: error.extendedResultCode.rawValue, message: error.message ?? "no reason given")
    }
  }
}
