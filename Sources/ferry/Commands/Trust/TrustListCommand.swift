import ArgumentParser
import Storage

/// `ferry trust list`
struct TrustListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List them.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() async throws {
    try await Headless.run(isJSON: json) { output in
      for trusted in try TrustCommand.store(output).list() { output.record(trusted) }
      return .done
    }
  }
}

/// `ferry trust show WORD`
struct TrustShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show what some of them say.")

  @OptionGroup var named: NamedTrust

  func run() async throws {
    let named = named
    try await Headless.run(isJSON: named.json) { output in
      for trusted in try named.find(output).found { output.whole(trusted.json, trusted.lines) }
      return .done
    }
  }
}

/// The certificates that a word names, for the commands that do something with them.
struct NamedTrust: ParsableArguments {
  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Argument(help: "A host, host:port, or the first digits of a fingerprint.")
  var certificate: String

  func find(_ output: Output) throws -> (store: TrustStore, found: [TrustedCertificate]) {
    try TrustCommand.find(certificate, output)
  }
}
