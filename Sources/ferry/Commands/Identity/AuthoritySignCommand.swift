import ArgumentParser
import FTP
import Glibc
import Storage
import SystemPackage
import TLS

/// `ferry authority sign REQUEST`
struct AuthoritySignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Answer a request with a certificate for a client.",
    discussion: """
      Whose request it is, you have to know: compare its fingerprint with the person who sent it. The answer holds the \
      authority's certificate too, and is kept in its register (ferry authority list).
      """)

  @Option(help: "How long the certificate is valid.")
  var days = 365

  @OptionGroup var file: OutputFileOption

  @Option(help: "The name of the authority.")
  var authority: String?

  @Flag(help: "Do not ask.")
  var yes = false

  @OptionGroup var passphrase: PassphraseOptions

  @Argument(help: "The request, PEM or DER; - is standard input.")
  var request: FilePath

  func validate() throws { try SubjectOptions.check(days: days) }

  func run() async throws {
    let command = self
    try await Headless.run { output in
      let store = try AuthorityCommand.store()
      let name = try AuthorityCommand.name(command.authority, in: store)
      _ = try store.certificate(of: name)
      let request: CertificateRequest
      do { request = try CertificateRequest.read(try InputFile.read(command.request)) } catch let error as TLSError {
        throw ItemProblem("\(SafeText.escape(command.request.string)) cannot be signed: \(error).")
      }
      Output.write(Self.text(request), to: STDERR_FILENO)
      if let problem = CertificateAuthority.problem(with: request) { throw ItemProblem("\(problem).") }
      if !command.yes {
        let question = "Sign it for \(command.days) days?"
        guard try await Confirmation.ask(question, otherwise: "--yes") else { return .itemsFailed }
      }
      let signer = try await command.signer(name, store)
      let certificate = try CertificateAuthority.sign(request, by: signer, days: command.days)
      // What is given away without being in the register could not be accounted for.
      try store.register(certificate, by: name)
      try command.file.write(Array((certificate.pem + signer.chain[0].pem).utf8))
      if command.file.out != nil {
        output.line("Signed: serial \(certificate.details.serial), \(certificate.sha256)")
      }
      return .done
    }
  }

  private func signer(_ name: String, _ store: AuthorityStore) async throws -> Identity {
    guard try store.isEncrypted(name) else { return try store.load(name, passphrase: nil) }
    if let given = try passphrase.read() { return try store.load(name, passphrase: given) }
    guard ControllingTerminal.isPresent else { throw StorageError.passphraseNeeded(name) }
    for attempt in 0..<IdentityDesk.attempts {
      guard let given = await TerminalPassphraseAsker().passphrase(for: name, wasWrong: attempt > 0) else { break }
      do { return try store.load(name, passphrase: given) } catch StorageError.wrongPassphrase { continue }
    }
    throw StorageError.wrongPassphrase(name)
  }

  /// What a person has to see before signing.
  static func text(_ request: CertificateRequest) -> String {
    [
      "Request",
      "  Subject      \(SafeText.escape("\(request.subject)"))",
      "  Key          \(SafeText.escape(request.key))",
      "  Key SHA-256  \(request.publicKeySHA256)",
      "  SHA-256      \(request.sha256)",
      "  Own signature \(request.hasValidSignature ? "right: whoever made it holds the key" : "WRONG")",
    ].joined(separator: "\n") + "\n"
  }
}
