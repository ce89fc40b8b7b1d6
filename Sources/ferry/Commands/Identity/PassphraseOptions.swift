import ArgumentParser
import FTP
import SystemPackage

/// Where the passphrase of a private key comes from, apart from asking.
struct PassphraseOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read the private key's passphrase from the first line of this file.", valueName: "file"))
  var passphraseFile: FilePath?

  @Option(help: ArgumentHelp("Read the private key's passphrase from what this command prints.", valueName: "command"))
  var passphraseCommand: String?

  /// The passphrase; nil where neither option is used.
  ///
  /// - Throws: ``UsageProblem``.
  func read() throws -> Secret? {
    if let passphraseFile {
      return try SecretFile.read(passphraseFile, option: "--passphrase-file").firstLine
    }
    return try passphraseCommand.map { try CredentialSources.run($0, option: "--passphrase-command") }
  }
}

/// The same for a passphrase that a new key gets.
struct NewPassphraseOptions: ParsableArguments {
  @OptionGroup var passphrase: PassphraseOptions

  @Flag(help: "Leave the private key unencrypted: whoever can read its file has it.")
  var noPassphrase = false

  func validate() throws {
    if noPassphrase, passphrase.passphraseFile != nil || passphrase.passphraseCommand != nil {
      throw ValidationError("--no-passphrase goes with no other option for a passphrase.")
    }
  }

  /// The new passphrase, asked for twice where no option gives it; nil for none.
  ///
  /// - Throws: ``UsageProblem`` where none is to be had.
  func new(for what: String) async throws -> Secret? {
    if noPassphrase { return nil }
    if let given = try passphrase.read() {
      guard given.isEmpty else { return given }
      throw UsageProblem("The passphrase is empty; --no-passphrase insists on that.")
    }
    if let asked = try await TerminalPassphraseAsker.newPassphrase(for: what) { return asked }
    throw UsageProblem("There is nobody to ask for a passphrase: use --passphrase-file, or --no-passphrase.")
  }
}
