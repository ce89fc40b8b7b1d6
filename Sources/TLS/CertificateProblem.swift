internal import COpenSSL
internal import Glibc

/// A reason why a certificate is not trusted by itself. Its description is one plain sentence for a person, without
/// unescaped foreign text.
package enum CertificateProblem: Hashable, Sendable {
  /// It vouches for itself, and is not among the trusted ones.
  case selfSigned
  /// The chain ends at an issuer that is not trusted.
  case unknownIssuer(String)
  /// The server left out the certificate of an issuer.
  case incompleteChain(issuer: String)
  /// Seconds since 1970.
  case expired(at: Int64)
  /// Seconds since 1970.
  case notYetValid(from: Int64)
  /// One of the issuers' certificates is out of date; seconds since 1970.
  case issuerExpired(String, at: Int64)
  /// `names` are those that the certificate is for.
  case nameMismatch(host: String, names: [String])
  /// e.g. "RSA 1024".
  case weakKey(String)
  /// e.g. "sha1WithRSAEncryption".
  case weakSignature(String)
  /// It is not meant for servers (or for clients, where a client's was checked).
  case wrongPurpose
  /// What OpenSSL says, for what has no case of its own.
  case other(String)
}

extension CertificateProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .selfSigned: "The certificate is self-signed: nobody but its owner vouches for it."
    case .unknownIssuer(let issuer): "The issuer “\(printable(issuer))” is not among the trusted issuers."
    case .incompleteChain(let issuer):
      "The server did not send the certificate of the issuer “\(printable(issuer))”, so that it cannot be checked."
    case .expired(let time): "The certificate expired on \(Self.date(time))."
    case .notYetValid(let time): "The certificate is valid only from \(Self.date(time)); is the clock right?"
    case .issuerExpired(let issuer, let time):
      "The certificate of the issuer “\(printable(issuer))” expired on \(Self.date(time))."
    case .nameMismatch(let host, let names): "The certificate is for \(Self.list(names)), not for \(printable(host))."
    case .weakKey(let key): "The key is too weak (\(printable(key)))."
    case .weakSignature(let algorithm): "The signature is too weak (\(printable(algorithm)))."
    case .wrongPurpose: "The certificate is not made for this purpose."
    case .other(let text): "The certificate cannot be verified: \(printable(text))."
    }
  }

  private static func list(_ names: [String]) -> String {
    switch names.count {
    case 0: "no host at all"
    case 1...4: names.map(printable).joined(separator: ", ")
    default: names.prefix(3).map(printable).joined(separator: ", ") + " and \(names.count - 3) other names"
    }
  }

  /// "2026-11-21 08:30 UTC"
  static func date(_ seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = tm()
    guard gmtime_r(&time, &parts) != nil else { return "an unknown day" }
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, "%Y-%m-%d %H:%M UTC", &parts)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
