import ArgumentParser
import FTP
import Storage

/// `ferry trust list|show|remove`
struct TrustCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust", abstract: "Certificates that are trusted for good.",
    subcommands: [TrustListCommand.self, TrustShowCommand.self, TrustRemoveCommand.self])

  /// The cache of the person who runs this.
  static func store(_ output: Output) throws -> TrustStore {
    let database = FerryDatabase(try Home())
    if let notice = try database.open().notice { output.problem(notice) }
    return database.trust
  }

  /// The certificates that a word names.
  static func find(_ word: String, _ output: Output) throws -> (store: TrustStore, found: [TrustedCertificate]) {
    let store = try store(output)
    let found = try store.find(word)
    guard !found.isEmpty else {
      throw ItemProblem(
        "No trusted certificate is named by \u{201C}\(SafeText.escape(word))\u{201D}; ferry trust list shows them all.")
    }
    return (store, found)
  }
}

/// `ferry trust list`
struct TrustListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List them.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() async throws {
    let isJSON = json
    try await Headless.run(isJSON: json) { output in
      for trusted in try TrustCommand.store(output).list() {
        output.line(isJSON ? trusted.json.text : trusted.line)
      }
      return .done
    }
  }
}

/// `ferry trust show WORD`
struct TrustShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show what some of them say.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Argument(help: "A host, host:port, or the first digits of a fingerprint.")
  var certificate: String

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      for trusted in try TrustCommand.find(command.certificate, output).found {
        if command.json { output.object(trusted.json) } else { trusted.lines.forEach(output.line) }
      }
      return .done
    }
  }
}

/// `ferry trust remove WORD`
struct TrustRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Trust some of them no more.",
    discussion: "A word that names certificates of several servers needs --all.")

  @Flag(help: "Remove all that are named.")
  var all = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Argument(help: "A host, host:port, or the first digits of a fingerprint.")
  var certificate: String

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let (store, found) = try TrustCommand.find(command.certificate, output)
      guard command.all || found.count == 1 else {
        found.forEach { output.problem($0.line) }
        throw ItemProblem("That names \(found.count) certificates. Name one by its fingerprint, or add --all.")
      }
      for trusted in found where try store.remove(trusted.id) {
        if command.json { output.object(trusted.json) } else { output.line("Removed \(trusted.line)") }
      }
      return .done
    }
  }
}
