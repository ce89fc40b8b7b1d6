import ArgumentParser
import FTP
import Glibc
import Storage
import SystemPackage
import TLS

/// `ferry identity request NAME`
struct IdentityRequestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Print the request for a signed certificate (CSR).")

  @OptionGroup var passphrase: PassphraseOptions
  @OptionGroup var file: OutputFileOption

  @Argument(help: "The name of the certificate.")
  var name: String

  func run() async throws {
    let command = self
    try await Headless.run { output in
      let desk = try IdentityCommand.desk(command.passphrase, output)
      let stored = try desk.store.find(command.name)
      let request = try await IdentityWorkbench(store: desk.store).request(of: stored) { try await desk.key(stored) }
      try command.file.write(Array(request.pem.utf8))
      return .done
    }
  }
}

/// `ferry identity export NAME`
struct IdentityExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the certificate, or write it with its key.",
    discussion: """
      pem and der give the certificate alone, which everybody may see. pkcs12 holds the private key too, encrypted with \
      a passphrase of its own.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case pem, der, pkcs12 }

  @Option(help: "pem, der or pkcs12.")
  var format = Format.pem

  @Flag(help: "With the certificates of its issuers (pem).")
  var chain = false

  @OptionGroup var passphrase: PassphraseOptions

  @Option(help: ArgumentHelp("Read the passphrase of the pkcs12 file from this file.", valueName: "file"))
  var exportPassphraseFile: FilePath?

  @OptionGroup var file: OutputFileOption

  @Argument(help: "The name of the certificate.")
  var name: String

  func run() async throws {
    let command = self
    try await Headless.run { output in
      let desk = try IdentityCommand.desk(command.passphrase, output)
      let stored = try desk.store.find(command.name)
      switch command.format {
      case .pem:
        let certificates = command.chain ? stored.chain : [stored.certificate]
        try command.file.write(Array(certificates.map(\.pem).joined().utf8))
      case .der: try command.file.write(stored.certificate.der, isBinary: true)
      case .pkcs12:
        try command.file.checkBinary()
        let key = try await desk.key(stored)
        let secret = try await command.exportPassphrase()
        let workbench = IdentityWorkbench(store: desk.store)
        try command.file.write(try workbench.pkcs12(stored, key: key, passphrase: secret), isBinary: true)
      }
      return .done
    }
  }

  private func exportPassphrase() async throws -> Secret {
    if let exportPassphraseFile {
      let secret = try SecretFile.read(exportPassphraseFile, option: "--export-passphrase-file").firstLine
      guard secret.isEmpty else { return secret }
      throw UsageProblem("The file's passphrase is empty: whoever could read the file would have the key.")
    }
    if let asked = try await TerminalPassphraseAsker.newPassphrase(for: "the exported file") { return asked }
    throw UsageProblem("There is nobody to ask for the file's passphrase: use --export-passphrase-file.")
  }
}

/// `ferry identity install NAME FILE`
struct IdentityInstallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Put a signed certificate in the place of the present one.",
    discussion: """
      The certificate must be for the same key, in date and fit for clients. The one before it is kept until a server \
      has let the new one in; until then --previous brings it back.
      """)

  @Flag(help: "Take back the last replacement.")
  var previous = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Argument(help: "The name of the certificate.")
  var name: String

  @Argument(help: "The signer's answer: PEM, DER or PKCS#7; - is standard input.")
  var file: FilePath?

  func validate() throws {
    if previous == (file != nil) { throw ValidationError("Name the file of the signer's answer, or use --previous.") }
  }

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let store = try IdentityCommand.store()
      if let file = command.file {
        let bytes = try InputFile.read(file)
        do { _ = try IdentityWorkbench(store: store).install(bytes, for: command.name) } catch let error as TLSError {
          throw ItemProblem("\(SafeText.escape(file.string)) cannot be installed: \(error).")
        }
      } else {
        try store.restorePrevious(of: command.name)
      }
      let stored = try store.find(command.name)
      if let doubt = IdentityWorkbench.doubt(about: stored.certificate) { output.problem(doubt) }
      output.whole(stored.json(at: store.now), stored.lines(at: store.now))
      return .done
    }
  }
}
