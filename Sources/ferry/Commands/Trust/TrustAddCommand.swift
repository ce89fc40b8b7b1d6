import ArgumentParser
import FTP
import FTPSClient
import Storage
import SystemPackage
import TLS

/// `ferry trust add HOST[:PORT] [FILE]`
struct TrustAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Trust a certificate of a file, or the one that a server shows.",
    discussion: """
      With a file (PEM or DER; - is standard input) its first certificate is trusted for the server. Without one the \
      server is asked for its certificate, which is shown before you are asked; nobody logs in.
      """)

  @Option(help: "What is trusted: certificate, key or issuer.")
  var kind = TrustedCertificate.Kind.certificate

  @Flag(help: "The server speaks implicit TLS (as ftps:// does).")
  var implicit = false

  @Option(help: "A note about it, in your own words.")
  var note = ""

  @Option(
    help: ArgumentHelp(
      "Accept what the server shows without asking if it has this fingerprint.", valueName: "SHA256:HEX"))
  var fingerprint: Fingerprint?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Argument(help: "For example files.example.org, files.example.org:2121 or ftps://files.example.org")
  var server: String

  @Argument(help: "The file with the certificate.")
  var file: FilePath?

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let server = try TrustCommand.server(command.server, isImplicit: command.implicit)
      let store = try TrustCommand.store(output)
      let trusted =
        if let file = command.file {
          try command.add(file, for: server, to: store)
        } else {
          try await command.addShown(by: server, to: store)
        }
      output.record(trusted, "Trusted")
      return .done
    }
  }

  private func add(_ file: FilePath, for server: ServerAddress, to store: TrustStore) throws -> TrustedCertificate {
    let bytes = try TrustCommand.read(file)
    let content = try TrustFile.read(bytes, for: server)
    guard let entry = content.entries.first else { throw ItemProblem(content.omitted.first ?? "Nothing is in it.") }
    if let fingerprint, fingerprint != entry.chain[0].sha256 {
      throw ItemProblem("The certificate in the file is \(entry.chain[0].sha256), not the one that you named.")
    }
    return try remember(entry.chain, for: server, in: store)
  }

  private func addShown(by server: ServerAddress, to store: TrustStore) async throws -> TrustedCertificate {
    let question = try await CertificateFetch.question(to: server)
    if let fingerprint {
      let shown = question.chain[0].sha256
      guard fingerprint == shown else { throw NotTrusted("The server shows \(shown), not the one that you named.") }
    } else {
      let known = try store.list(host: server.host, port: server.port, mode: server.mode)
        .filter { $0.certificate != question.chain[0] }
      guard try await isConfirmed(TrustInquiry(question, previous: known, at: Timestamp.now.seconds)) else {
        throw NotTrusted("You rejected it.")
      }
    }
    return try remember(question.chain, for: server, in: store)
  }

  /// Shows what the server showed, and asks for a whole word.
  private func isConfirmed(_ inquiry: TrustInquiry) async throws -> Bool {
    let text = TrustInquiryText(inquiry).text
    let kind = kind.words
    let answer = await ControllingTerminal.converse { terminal -> Bool in
      terminal.say(text)
      let line = terminal.answer(to: "Type yes to trust \(kind) from now on: ")
      return line.map { String(decoding: $0, as: UTF8.self) } == "yes"
    }
    guard let answer else { throw UsageProblem("There is no terminal to ask at: add --fingerprint, or name a file.") }
    return answer
  }

  private func remember(
    _ chain: [Certificate], for server: ServerAddress, in store: TrustStore
  ) throws -> TrustedCertificate {
    var chain = chain
    if kind == .issuer {
      guard let issuer = ChainCheck.provenIssuer(of: chain, host: server.host, at: Timestamp.now.seconds) else {
        throw ItemProblem(
          "Its issuer cannot be trusted for \(SafeText.escape(server.host)): the issuer's certificate must come with "
            + "it and prove names, dates and signature.")
      }
      chain = [chain[0], issuer] + chain.dropFirst().filter { $0 != issuer }
    }
    return try store.remember(
      host: server.host, port: server.port, mode: server.mode, chain: chain, kind: kind, note: note)
  }
}

extension TrustedCertificate.Kind: ExpressibleByArgument {}
