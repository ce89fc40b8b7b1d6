import ArgumentParser
import FTP
import Storage
import SystemPackage
import TLS

/// `ferry trust export [WORD]`
struct TrustExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print certificates in PEM form.",
    discussion: "Comments say what each is trusted for; ferry trust import reads them, other programs skip them.")

  @Flag(help: "Print the certificates of the issuers too.")
  var chain = false

  @Argument(help: "A host, host:port, or the first digits of a fingerprint; all without one.")
  var certificate: String?

  func run() async throws {
    let command = self
    try await Headless.run { output in
      let trusted =
        if let word = command.certificate {
          try TrustCommand.find(word, output).found
        } else {
          try TrustCommand.store(output).list()
        }
      if !trusted.isEmpty {
        output.line(String(TrustFile.pem(trusted, wholeChains: command.chain).dropLast()))
      }
      return .done
    }
  }
}

/// `ferry trust import FILE`
struct TrustImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Trust what a file lists.",
    discussion: """
      Reads FileZilla's trustedcerts.xml, what ferry trust export prints, or a certificate in PEM or DER with --for. \
      What is trusted already stays as it is.
      """)

  @Option(name: .customLong("for"), help: "The server that a certificate is for whose file does not say so.")
  var server: String?

  @Flag(help: "That server speaks implicit TLS (as ftps:// does).")
  var implicit = false

  @Flag(help: "Only show what would be trusted.")
  var dryRun = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Argument(help: "The file; - is standard input.")
  var file: FilePath

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let server = try command.server.map { try TrustCommand.server($0, isImplicit: command.implicit) }
      let content = try TrustFile.read(try TrustCommand.read(command.file), for: server)
      if command.dryRun {
        let omitted = content.omitted + content.entries.compactMap(\.problem)
        omitted.forEach(output.problem)
        for entry in content.entries where entry.problem == nil { output.line("Would trust \(entry.line)") }
        return omitted.isEmpty ? .done : .itemsFailed
      }
      let takeover = try TrustCommand.store(output).take(content)
      takeover.omitted.forEach(output.problem)
      for trusted in takeover.added { output.record(trusted, "Trusted") }
      if !command.json {
        for trusted in takeover.known { output.line("Trusted already \(trusted.line)") }
      }
      return takeover.omitted.isEmpty ? .done : .itemsFailed
    }
  }
}

extension TrustFile.Entry {
  /// The server, what is trusted for it, and its fingerprint.
  fileprivate var line: String {
    let server = SafeText.escape("\(ServerAddress(host: host, port: port, mode: mode))")
    return "\(server)  \(kind.rawValue)  \(kind.pin(of: chain))"
  }
}
