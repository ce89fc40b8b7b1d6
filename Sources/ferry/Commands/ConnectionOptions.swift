import ArgumentParser
import FTP
import FTPSClient
import Storage
import SystemPackage
import TLS

/// The options of every command that opens a session.
struct ConnectionOptions: ParsableArguments {
  @Option(help: "What to do with a certificate that is not trusted yet: ask, new (accept a host's first), or known.")
  var trust: TrustPolicy?

  @Option(help: ArgumentHelp("Accept this certificate and no other.", valueName: "SHA256:HEX"))
  var fingerprint: Fingerprint?

  @Option(help: ArgumentHelp("Trust the certificate authorities in this PEM file too.", valueName: "file"))
  var caFile: FilePath?

  @Option(help: ArgumentHelp("Read the password from the first line of this file.", valueName: "file"))
  var passwordFile: FilePath?

  @Option(help: ArgumentHelp("Read the password from what this command prints.", valueName: "command"))
  var passwordCommand: String?

  @Option(help: ArgumentHelp("Take user and password from this file in .netrc form.", valueName: "file"))
  var netrcFile: FilePath?

  @Flag(help: "Allow a connection without TLS; everything can be read on its way.")
  var plaintext = false

  var credentials: CredentialSources {
    CredentialSources(passwordFile: passwordFile, passwordCommand: passwordCommand, netrcFile: netrcFile)
  }

  /// The authorities to trust.
  func roots() throws -> TrustRoots {
    guard let caFile else { return .system }
    do {
      let bytes = try FileBytes.read(caFile)
      return .systemAnd(try Certificate.pem(bytes))
    } catch {
      throw UsageProblem(description: "--ca-file: \(SafeText.escape(caFile.string)) cannot be used: \(error).")
    }
  }

  /// An address from the command line.
  func address(_ text: String) throws -> FTPAddress {
    do {
      var address = try FTPAddress(text)
      if plaintext, address.mode == .explicit, text.lowercased().hasPrefix("ftp://") { address.mode = .plaintext }
      return address
    } catch {
      throw UsageProblem(description: "\(error)")
    }
  }
}

extension TrustPolicy: ExpressibleByArgument {}

extension Fingerprint: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}

extension FilePath: @retroactive ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
