import FTP
import SystemPackage
import TLS

/// Opens the files in which other programs keep certificates and keys, with the passphrase that they need.
struct CredentialOpening {
  /// What an option says the passphrase is; asked only where one is needed. Nobody else is asked then.
  let given: () throws -> Secret?
  let asker: (any PassphraseAsker)?
  /// What was read so far.
  private(set) var files: [CredentialFile] = []
  /// What has opened the first file that needed one.
  private(set) var passphrase: Secret?

  init(given: @escaping () throws -> Secret?, asker: (any PassphraseAsker)?) {
    self.given = given
    self.asker = asker
  }

  /// Reads one more file; a person may try three passphrases.
  ///
  /// - Throws: ``UsageProblem`` and ``ItemProblem``; `CancellationError` where nobody gives a passphrase.
  mutating func read(_ path: FilePath) async throws {
    let bytes = try InputFile.read(path)
    let name = SafeText.escape(path.string)
    do {
      files.append(try CredentialFile.read(bytes))
      return
    } catch TLSError.passphraseNeeded {} catch {
      throw ItemProblem("\(name) cannot be used: \(error).")
    }
    if let secret = try given() {
      guard try open(bytes, name, secret) else { throw ItemProblem("The passphrase does not open \(name).") }
      return
    }
    guard let asker else { throw UsageProblem("\(name) needs a passphrase: use --passphrase-file.") }
    // Of several files of one person the passphrase is often the same.
    if let passphrase, try open(bytes, name, passphrase) { return }
    for attempt in 0..<IdentityDesk.attempts {
      guard let secret = await asker.passphrase(for: path.string, wasWrong: attempt > 0) else {
        throw CancellationError()
      }
      if try open(bytes, name, secret) { return }
    }
    throw ItemProblem("The passphrase does not open \(name).")
  }

  /// - Returns: whether the passphrase was right.
  private mutating func open(_ bytes: [UInt8], _ name: String, _ secret: Secret) throws -> Bool {
    do {
      files.append(
        try secret.withBytes { secret throws(TLSError) in try CredentialFile.read(bytes, passphrase: secret) })
      passphrase = passphrase ?? secret
      return true
    } catch TLSError.wrongPassphrase {
      return false
    } catch {
      throw ItemProblem("\(name) cannot be used: \(error).")
    }
  }
}
