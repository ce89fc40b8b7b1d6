public import ArgumentParser
import FTP
import Storage
public import SystemPackage
import TLS

/// The options of every command that opens a session.
struct ConnectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What to do with a certificate that is not trusted yet.",
      discussion: """
        ask: ask at the terminal; known: refuse. About a server's first certificate, never about a changed one: \
        once: accept it this time; new: accept and remember it; new-key: remember its key, which a renewal may keep; \
        new-issuer: remember its issuer for this server.
        """))
  var trust: TrustPolicy?

  @Flag(
    inversion: .prefixedNo, exclusivity: .chooseLast,
    help: "Whether a certificate that a certificate authority vouches for is accepted without a question.")
  var authorities: Bool?

  @Option(help: ArgumentHelp("Accept this certificate and no other.", valueName: "SHA256:HEX"))
  var fingerprint: Fingerprint?

  @Option(
    help: ArgumentHelp(
      "Trust the certificate authorities in this PEM file instead of the system's.", valueName: "file"))
  var caFile: FilePath?

  @Option(
    help: ArgumentHelp(
      "Refuse the certificates in this file of revocation lists (CRLs), in PEM or DER.", valueName: "file"))
  var crlFile: FilePath?

  @Option(help: ArgumentHelp("Read the password from the first line of this file.", valueName: "file"))
  var passwordFile: FilePath?

  @Option(help: ArgumentHelp("Read the password from what this command prints.", valueName: "command"))
  var passwordCommand: String?

  @Option(help: ArgumentHelp("Take user and password from this file in the form of .netrc.", valueName: "file"))
  var netrcFile: FilePath?

  @Flag(help: "The server connects to this machine for data (EPRT, PORT), instead of the other way round.")
  var active = false
  @Option(help: ArgumentHelp("The client certificate to show where a server asks for one.", valueName: "name"))
  var identity: String?

  @OptionGroup var passphrase: PassphraseOptions

  @Flag(help: "ftp:// means a connection without TLS: everybody on the way can read and change everything.")
  var plaintext = false

  var credentials: CredentialSources {
    CredentialSources(passwordFile: passwordFile, passwordCommand: passwordCommand, netrcFile: netrcFile)
  }

  /// Who vouches for servers.
  func roots() throws -> TrustRoots {
    guard let caFile else { return .system }
    return .certificates(try Self.read(caFile, for: "--ca-file", of: "certificates") { try Certificate.pem($0) })
  }

  /// What authorities have taken back; the option comes before the setting.
  func revoked(_ setting: FilePath?) throws -> RevocationLists {
    guard let file = crlFile ?? setting else { return RevocationLists() }
    return try Self.read(
      file, for: crlFile == nil ? "The setting crl-file" : "--crl-file", of: "lists of revoked certificates",
      limit: RevocationLists.sizeLimit
    ) { try RevocationLists(reading: $0) }
  }

  /// What a file holds that an option or a setting names; it may be anybody's, as those of a system are.
  static func read<Content>(
    _ file: FilePath, for source: String, of what: String, limit: Int = 1 << 20, _ parse: ([UInt8]) throws -> Content
  ) throws -> Content {
    do {
      return try parse(try InputFile.read(file, limit: limit))
    } catch let error as TLSError {
      throw UsageProblem("\(source): \(SafeText.escape(file.string)) holds no \(what): \(error).")
    } catch let problem as UsageProblem {
      throw UsageProblem("\(source): \(problem)")
    }
  }

  /// An address of the command line.
  ///
  /// - Throws: ``UsageProblem``, also for one with a password in it: others can read a process's arguments.
  func address(_ text: String) throws -> FTPAddress {
    var address: FTPAddress
    do {
      address = try FTPAddress(text)
    } catch {
      throw UsageProblem(Headless.sentence(error))
    }
    if address.password != nil {
      throw UsageProblem(
        "An address must not hold a password, as others can see it: use --password-file or --netrc-file.")
    }
    if plaintext, text.lowercased().hasPrefix("ftp://") { address.mode = .plaintext }
    return address
  }
}

extension ConnectionOptions {
  /// Refuses what says that it is an address and is none. (A folder or a site may have any other name.)
  func checkPlace(_ text: String) throws {
    if FTPAddress.looksLikeAddress(text) { _ = try address(text) }
  }
}

extension TrustPolicy: ExpressibleByArgument {}

extension Fingerprint: ExpressibleByArgument {}

// A program, which nothing imports, may lend conformances.
// swift-format-ignore: AvoidRetroactiveConformances
extension FilePath: @retroactive ExpressibleByArgument {
  public init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    self.init(argument)
  }
}
