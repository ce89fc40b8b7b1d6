import FTP
import Storage
import TLS

/// A client certificate that is to be made: what the commands and the form of the screen ask for.
struct NewIdentity: Hashable, Sendable {
  /// A certificate is not made for longer.
  static let mostDays = 3650
  static let usualDays = 730

  var name: String
  var kind: PrivateKey.Kind = .ecP256
  var subject: SubjectFields
  /// 1 to `mostDays`.
  var days = Self.usualDays

  /// Why the name cannot be used, as a sentence; nil if it can.
  static func problem(with name: String) -> String? {
    IdentityName.problem(with: name).map { "\(StorageError.identityName(name, reason: $0))" }
  }

  /// Makes key, self-signed certificate and request, and keeps them. An RSA key takes a second.
  ///
  /// - Parameter passphrase: nil leaves the key unencrypted.
  /// - Throws: `StorageError`, `TLSError`.
  func make(in store: IdentityStore, passphrase: Secret?) throws -> (stored: StoredIdentity, key: PrivateKey) {
    let subject = try subject.distinguishedName
    let key = try PrivateKey.generate(kind)
    let certificate = try SelfSignedCertificate.make(key: key, subject: subject, days: days, purpose: .client)
    let request = try CertificateRequest.make(key: key, subject: subject)
    try store.add(name, key: key, chain: [certificate], request: request, passphrase: passphrase)
    return (try store.find(name), key)
  }

  /// Why it cannot be made, before anybody is asked for a passphrase.
  func check(in store: IdentityStore) throws {
    _ = try subject.distinguishedName
    if let problem = IdentityName.problem(with: name) { throw StorageError.identityName(name, reason: problem) }
    if try store.names().contains(name) { throw StorageError.identityTaken(name) }
  }
}

extension PrivateKey.Kind {
  /// As it is written on the command line and shown in forms.
  var word: String {
    switch self {
    case .ecP256: "ec-p256"
    case .ecP384: "ec-p384"
    case .ed25519: "ed25519"
    case .rsa(let bits): "rsa-\(bits)"
    }
  }

  /// The ones to choose from.
  static let choices: [PrivateKey.Kind] = [
    .ecP256, .ecP384, .ed25519, .rsa(bits: 2048), .rsa(bits: 3072), .rsa(bits: 4096),
  ]

  /// Nil for what is none, or an RSA key outside of 2048 to 4096 bits.
  init?(word: String) {
    if let choice = Self.choices.first(where: { $0.word == word.lowercased() }) {
      self = choice
    } else if word.lowercased().hasPrefix("rsa-"), let bits = Int(word.dropFirst(4)), (2048...4096).contains(bits),
      bits % 8 == 0
    {
      self = .rsa(bits: bits)
    } else {
      return nil
    }
  }
}
