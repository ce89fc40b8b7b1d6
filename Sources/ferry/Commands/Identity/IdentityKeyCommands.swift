import ArgumentParser
import FTP
import Storage
import SystemPackage
import TLS

/// `ferry identity import NAME FILE...`
struct IdentityImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take over a certificate and key of another program.",
    discussion: """
      PEM, DER, PKCS#12 and PKCS#7 are understood; key and certificate may be in one file or in several. An encrypted \
      key keeps its passphrase; another one gets a new one.
      """)

  @OptionGroup var passphrase: NewPassphraseOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  @Argument(help: "What you call it.")
  var name: String

  @Argument(help: "The files.")
  var files: [FilePath]

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let store = try IdentityCommand.store()
      if let problem = IdentityName.problem(with: command.name) {
        throw StorageError.identityName(command.name, reason: problem)
      }
      if try store.names().contains(command.name) { throw StorageError.identityTaken(command.name) }
      let isAttended = ControllingTerminal.isPresent
      var opening = CredentialOpening(
        given: command.passphrase.passphrase.read, asker: isAttended ? TerminalPassphraseAsker() : nil)
      do {
        for path in command.files { try await opening.read(path) }
      } catch is CancellationError where !Task.isCancelled {
        throw ItemProblem("No passphrase was given, so nothing was taken over.")
      }
      let secret =
        if command.passphrase.noPassphrase { nil as Secret? } else if let opened = opening.passphrase { opened } else {
          try await command.passphrase.new(for: "the key of \(SafeText.escape(command.name))")
        }
      let stored = try IdentityWorkbench(store: store)
        .add(opening.files, as: command.name, passphrase: secret)
      output.whole(stored.json(at: store.now), stored.lines(at: store.now))
      return .done
    }
  }
}

/// `ferry identity renew NAME`
struct IdentityRenewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renew", abstract: "Make a self-signed certificate anew, and a new request.",
    discussion: """
      Key and subject stay. A signed certificate stays too, until the answer to the new request is installed.
      """)

  @Option(help: "How long the new certificate is valid.")
  var days = NewIdentity.usualDays

  @OptionGroup var passphrase: PassphraseOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  @Argument(help: "The name of the certificate.")
  var name: String

  func validate() throws { try SubjectOptions.check(days: days) }

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let desk = try IdentityCommand.desk(command.passphrase, output)
      let before = try desk.store.find(command.name)
      let key = try await desk.key(before)
      let stored = try IdentityWorkbench(store: desk.store).renew(command.name, key: key, days: command.days)
      output.whole(stored.json(at: desk.store.now), stored.lines(at: desk.store.now))
      if command.json { return .done }
      output.line(
        stored.isSelfSigned
          ? "Servers have to be told of the new fingerprint."
          : "Send the new request (ferry identity request \(command.name)) to the signer, and install the answer.")
      return .done
    }
  }
}

/// `ferry identity passphrase NAME`
struct IdentityPassphraseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passphrase", abstract: "Change the passphrase of a private key.")

  @OptionGroup var passphrase: PassphraseOptions

  @Option(help: ArgumentHelp("Read the new passphrase from the first line of this file.", valueName: "file"))
  var newPassphraseFile: FilePath?

  @Flag(help: "Leave the private key unencrypted: whoever can read its file has it.")
  var noPassphrase = false

  @Argument(help: "The name of the certificate.")
  var name: String

  func run() async throws {
    let command = self
    try await Headless.run { output in
      let desk = try IdentityCommand.desk(command.passphrase, output)
      let stored = try desk.store.find(command.name)
      let key = try await desk.key(stored)
      let secret = try await command.new()
      try desk.store.setPassphrase(secret, of: command.name, key: key)
      output.line(
        secret == nil ? "The key of \(stored.name) has no passphrase any more." : "The passphrase is changed.")
      return .done
    }
  }

  private func new() async throws -> Secret? {
    if noPassphrase { return nil }
    if let newPassphraseFile {
      let secret = try SecretFile.read(newPassphraseFile, option: "--new-passphrase-file").firstLine
      guard secret.isEmpty else { return secret }
      throw UsageProblem("The new passphrase is empty; --no-passphrase insists on that.")
    }
    if let asked = try await TerminalPassphraseAsker.newPassphrase(for: "the key of \(SafeText.escape(name))") {
      return asked
    }
    throw UsageProblem("There is nobody to ask for a new passphrase: use --new-passphrase-file, or --no-passphrase.")
  }
}
