import ArgumentParser
import FTP
import Storage
import SystemPackage
import TLS

/// `ferry identity …`
struct IdentityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity", abstract: "Your own certificates, which servers may ask for.",
    discussion: """
      A new certificate vouches for itself: a server has to be told to trust it. Where the server's side signs, send it \
      the request (ferry identity request), and install its answer (ferry identity install).
      """,
    subcommands: [
      IdentityCreateCommand.self, IdentityRequestCommand.self, IdentityExportCommand.self, IdentityInstallCommand.self,
      IdentityListCommand.self, IdentityShowCommand.self, IdentityImportCommand.self, IdentityRenewCommand.self,
      IdentityPassphraseCommand.self, IdentityRemoveCommand.self,
    ])

  static func store() throws -> IdentityStore { IdentityStore(try Home()) }

  /// What opens keys, asking at the terminal if need be.
  static func desk(_ options: PassphraseOptions, _ output: Output) throws -> IdentityDesk {
    let home = try Home()
    return IdentityDesk(
      store: IdentityStore(home), database: FerryDatabase(home), passphrase: { try options.read() },
      asker: ControllingTerminal.isPresent ? TerminalPassphraseAsker() : nil, notice: { output.problem($0) })
  }
}

/// `ferry identity create NAME`
struct IdentityCreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a key, a self-signed certificate and a request.")

  @OptionGroup var subject: SubjectOptions

  @Option(help: "How long the certificate is valid.")
  var days = NewIdentity.usualDays

  @OptionGroup var passphrase: NewPassphraseOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  @Argument(help: "What you call it.")
  var name: String

  func validate() throws { try SubjectOptions.check(days: days) }

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let store = try IdentityCommand.store()
      let plan = NewIdentity(
        name: command.name, kind: command.subject.key.kind,
        subject: command.subject.fields(commonName: command.name), days: command.days)
      try plan.check(in: store)
      let secret = try await command.passphrase.new(for: "the key of \(SafeText.escape(command.name))")
      let made = try plan.make(in: store, passphrase: secret).stored
      output.whole(made.json(at: store.now), made.lines(at: store.now))
      if !command.json {
        output.line("Servers that ask for a certificate get it with --identity \(command.name).")
      }
      return .done
    }
  }
}

/// `ferry identity list`
struct IdentityListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List them.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() async throws {
    let isJSON = json
    try await Headless.run(isJSON: json) { output in
      let store = try IdentityCommand.store()
      var status = ExitStatus.done
      for (name, result) in try store.list() {
        switch result {
        case .success(let stored): output.line(isJSON ? stored.json(at: store.now).text : stored.line(at: store.now))
        case .failure(let error):
          output.problem("\(SafeText.escape(name)): \(error)")
          status = .itemsFailed
        }
      }
      return status
    }
  }
}

/// `ferry identity show NAME`
struct IdentityShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show what one of them says.")

  @Flag(help: "Print one JSON object.")
  var json = false

  @Argument(help: "Its name.")
  var name: String

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let store = try IdentityCommand.store()
      let stored = try store.find(command.name)
      let waiting = try? FerryDatabase(try Home()).identityUses.waiting(stored.certificate)
      output.whole(stored.json(at: store.now), stored.lines(at: store.now, waiting: waiting ?? []))
      return .done
    }
  }
}

/// `ferry identity remove NAME`
struct IdentityRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove one with its key, for good.")

  @Flag(help: "Do not ask.")
  var yes = false

  @Argument(help: "Its name.")
  var name: String

  func run() async throws {
    let command = self
    try await Headless.run { output in
      let store = try IdentityCommand.store()
      guard try store.names().contains(command.name) else { throw StorageError.identityMissing(command.name) }
      let name = SafeText.escape(command.name)
      if !command.yes {
        let question = "Remove \(name) with its private key, for good?"
        guard try await Confirmation.ask(question, otherwise: "--yes") else { return .itemsFailed }
      }
      try store.remove(command.name)
      output.line("Removed \(name).")
      return .done
    }
  }
}
