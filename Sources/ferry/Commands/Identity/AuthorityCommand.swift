import ArgumentParser
import FTP
import Storage
import SystemPackage
import TLS

/// `ferry authority …`
struct AuthorityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "authority", abstract: "A small signing authority for certificate requests.",
    discussion: "A server that trusts the authority's certificate (ferry authority export) trusts all that it signs.",
    subcommands: [
      AuthorityCreateCommand.self, AuthoritySignCommand.self, AuthorityListCommand.self, AuthorityExportCommand.self,
    ])

  static let usualName = "main"

  static func store() throws -> AuthorityStore { AuthorityStore(try Home()) }

  /// The one that is meant: the named one, or the only one there is.
  static func name(_ given: String?, in store: AuthorityStore) throws -> String {
    if let given { return given }
    let names = try store.names()
    if names.count > 1, !names.contains(usualName) {
      throw UsageProblem("There are several authorities; name one with --authority.")
    }
    return names.count == 1 ? names[0] : usualName
  }
}

/// `ferry authority create [NAME]`
struct AuthorityCreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "create", abstract: "Make one.")

  @OptionGroup var subject: SubjectOptions

  @Option(help: "How long it may sign.")
  var days = NewIdentity.mostDays

  @OptionGroup var passphrase: NewPassphraseOptions

  @Argument(help: "What you call it.")
  var name = AuthorityCommand.usualName

  func validate() throws { try SubjectOptions.check(days: days) }

  func run() async throws {
    let command = self
    try await Headless.run { output in
      let store = try AuthorityCommand.store()
      if let problem = IdentityName.problem(with: command.name) {
        throw StorageError.identityName(command.name, reason: problem)
      }
      if try store.names().contains(command.name) { throw StorageError.identityTaken(command.name) }
      let subject = command.subject.fields(commonName: "Ferry signing authority \(command.name)")
      _ = try subject.distinguishedName
      let secret = try await command.passphrase.new(for: "the authority's key")
      let key = try PrivateKey.generate(command.subject.key.kind)
      let authority = try CertificateAuthority.make(key: key, subject: subject, days: command.days)
      try store.add(command.name, authority, passphrase: secret)
      output.line(command.name)
      for line in CertificateText(authority.chain[0]).lines { output.line("  " + line) }
      output.line("Servers trust what it signs once they trust its certificate: ferry authority export.")
      return .done
    }
  }
}

/// `ferry authority export [NAME]`
struct AuthorityExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print its own certificate, for servers to trust.")

  @OptionGroup var file: OutputFileOption

  @Argument(help: "Its name.")
  var name: String?

  func run() async throws {
    let command = self
    try await Headless.run { _ in
      let store = try AuthorityCommand.store()
      let certificate = try store.certificate(of: AuthorityCommand.name(command.name, in: store))
      try command.file.write(Array(certificate.pem.utf8))
      return .done
    }
  }
}

/// `ferry authority list [NAME]`
struct AuthorityListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List what it has signed.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Argument(help: "Its name.")
  var name: String?

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let store = try AuthorityCommand.store()
      for certificate in try store.signed(by: AuthorityCommand.name(command.name, in: store)) {
        let details = certificate.details
        if command.json {
          var object = JSONObject()
          object.add("serial", details.serial)
          object.add("subject", details.subject.description)
          object.add("sha256", certificate.sha256.description)
          object.add("notBefore", details.notBefore)
          object.add("notAfter", details.notAfter)
          output.object(object)
        } else {
          let (start, end) = (Timestamp(seconds: details.notBefore), Timestamp(seconds: details.notAfter))
          let subject = SafeText.escape("\(details.subject)")
          output.line("\(start.dayText) to \(end.dayText)  \(subject)  \(certificate.sha256)")
        }
      }
      return .done
    }
  }
}
