import FTP
import FTPSServer
import Glibc
import SystemPackage
import TLS

/// The certificate and key of `ferry serve`, and the passphrase that opens the key.
struct ServerKey {
  let folder: FilePath
  let passphraseFile: FilePath?

  /// As often is a wrong passphrase asked for again.
  private static let attempts = 3

  struct Opened {
    let identity: Identity
    /// Whether the key lies on the disk without a passphrase.
    let isBare: Bool
  }

  /// Opens what is there; or makes it, with a passphrase from the file, or from a person at the terminal.
  ///
  /// - Parameter names: the DNS names and addresses that a new certificate is for.
  /// - Throws: ``UsageProblem``, `ServerError`.
  func open(names: [String]) async throws -> Opened {
    let given = try passphraseFile.map { try Self.firstLine($0) }
    switch try unlock(given) {
    case .open(let identity): return Opened(identity: identity, isBare: given == nil)
    case .locked:
      guard given == nil else { throw ServerError.wrongPassphrase }
      return Opened(identity: try await ask(), isBare: false)
    case .missing: break
    }
    let passphrase: Secret?
    if let given { passphrase = given } else { passphrase = await choose() }
    let identity = try ServerIdentity.create(
      folder, passphrase: passphrase, commonName: "Ferry on \(Self.hostName)", names: names)
    return Opened(identity: identity, isBare: passphrase == nil)
  }

  private enum Lock {
    case missing
    case locked
    case open(Identity)
  }

  private func unlock(_ passphrase: Secret?) throws -> Lock {
    do {
      guard let identity = try ServerIdentity.load(folder, passphrase: passphrase) else { return .missing }
      return .open(identity)
    } catch {
      switch error {
      case .passphraseNeeded, .wrongPassphrase: return .locked
      default: throw error
      }
    }
  }

  private func ask() async throws -> Identity {
    for _ in 0..<Self.attempts {
      let passphrase = await ControllingTerminal.converse { terminal -> Secret? in
        terminal.secret(to: "Passphrase of the server's key: ")
      }
      guard let passphrase = passphrase ?? nil else { break }
      if case .open(let identity) = try unlock(passphrase) { return identity }
      _ = await ControllingTerminal.converse { $0.say("That is not it.\n") }
    }
    throw UsageProblem("The server's key needs its passphrase: name a file that holds it with --passphrase-file.")
  }

  /// Nil where nobody is there to choose one, or somebody wants none.
  private func choose() async -> Secret? {
    let chosen = await ControllingTerminal.converse { terminal -> Secret? in
      while true {
        let question = "A passphrase for the server's new key (empty: none): "
        guard let first = terminal.secret(to: question), !first.isEmpty else { return nil }
        if terminal.secret(to: "Once more: ") == first { return first }
        terminal.say("These are two different ones.\n")
      }
    }
    return chosen ?? nil
  }

  private static func firstLine(_ file: FilePath) throws -> Secret {
    let line = try SecretFile.read(file, option: "--passphrase-file").firstLine
    if line.isEmpty {
      throw UsageProblem("--passphrase-file: the first line of \(SafeText.escape(file.string)) is empty.")
    }
    return line
  }

  /// What this machine calls itself.
  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "this computer" }
    let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.isEmpty ? "this computer" : String(text.prefix(40))
  }
}
