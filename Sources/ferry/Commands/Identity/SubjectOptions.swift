import ArgumentParser
import Storage
import TLS

/// Whom a new certificate is for, and its kind.
struct SubjectOptions: ParsableArguments {
  @Option(name: [.customLong("common-name"), .customLong("cn")], help: "The name in the certificate.")
  var commonName: String?

  @Option(help: "The organization.")
  var organization = ""

  @Option(help: "The part of the organization.")
  var unit = ""

  @Option(help: "The town.")
  var locality = ""

  @Option(help: "The state or province.")
  var state = ""

  @Option(help: "The country, as two letters.")
  var country = ""

  @Option(help: "The e-mail address.")
  var email = ""

  @Option(help: ArgumentHelp("ec-p256, ec-p384, ed25519, or rsa-2048 to rsa-4096.", valueName: "kind"))
  var key = KeyKind(.ecP256)

  /// The fields, with a common name where none was given.
  func fields(commonName usual: String) -> SubjectFields {
    SubjectFields(
      commonName: commonName ?? usual, organization: organization, unit: unit, locality: locality, state: state,
      country: country, email: email)
  }

  static func check(days: Int) throws {
    guard (1...NewIdentity.mostDays).contains(days) else {
      throw ValidationError("--days is a number from 1 to \(NewIdentity.mostDays).")
    }
  }
}

/// A kind of key as it is written on the command line.
struct KeyKind: ExpressibleByArgument {
  let kind: PrivateKey.Kind

  init(_ kind: PrivateKey.Kind) { self.kind = kind }

  init?(argument: String) {
    guard let kind = PrivateKey.Kind(word: argument) else { return nil }
    self.kind = kind
  }

  var defaultValueDescription: String { kind.word }
}
