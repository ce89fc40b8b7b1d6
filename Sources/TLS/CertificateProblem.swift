internal import COpenSSL
internal import Glibc

/// A reason why a certificate is not trusted by itself. Its description is one plain sentence for a person, without
/// unescaped foreign text.
package enum CertificateProblem: Hashable, Sendable {
  /// The signature is not that of the issuer: somebody changed or forged the certificate with this subject.
  case badSignature(String)
  /// Its issuer has taken it back.
  case revoked
  /// The list of what the issuer has taken back is out of date, or is not the issuer's.
  case unusableRevocationList(issuer: String)
  /// `names` are those that the certificate is for.
  case nameMismatch(host: String, names: [String])
  /// A name holds characters that do not show or that turn the text around.
  case misleadingName
  /// It vouches for itself, and is not among the trusted ones.
  case selfSigned
  /// The chain ends at an issuer that is not trusted.
  case unknownIssuer(String)
  /// The server left out the certificate of an issuer.
  case incompleteChain(issuer: String)
  /// The issuers vouch for each other in a circle.
  case loopingChain
  /// More issuers than anybody follows.
  case chainTooLong
  /// It has signed another certificate, which it may not do.
  case notAnAuthority(String)
  /// An issuer may not vouch for the names of the certificate (RFC 5280 section 4.2.1.10).
  case forbiddenName
  /// Seconds since 1970.
  case expired(at: Int64)
  /// Seconds since 1970.
  case notYetValid(from: Int64)
  /// One of the issuers' certificates is out of date; seconds since 1970.
  case issuerExpired(String, at: Int64)
  /// One of the issuers' certificates is not valid yet; seconds since 1970.
  case issuerNotYetValid(String, from: Int64)
  /// A date in it is none.
  case unreadableDate
  /// It is not meant for servers (or for clients, where a client's was checked).
  case wrongPurpose
  /// It may sign other certificates, though somebody else signed it for a server.
  case authorityOnServer
  /// e.g. "RSA 1024".
  case weakKey(String)
  /// e.g. "sha1WithRSAEncryption".
  case weakSignature(String)
  /// It has the first form of certificates (version 1), which cannot say what they are for.
  case outdatedForm
  /// It has a condition that must be understood, and is not.
  case unknownCondition
  /// What OpenSSL says, for what has no case of its own.
  case other(String)

  /// Whether nobody should accept it without looking: not even on the first visit, as `--trust new` does.
  package var needsEyes: Bool {
    switch self {
    case .badSignature, .revoked, .unusableRevocationList, .misleadingName, .weakKey, .weakSignature, .unreadableDate:
      true
    default: false
    }
  }

  /// Whether it says that the time of a certificate is over or has not come.
  package var isAboutDates: Bool {
    switch self {
    case .expired, .notYetValid, .issuerExpired, .issuerNotYetValid: true
    default: false
    }
  }

  /// The order in which a person should hear them: what looks like an attack, whose it is, who vouches for it, when,
  /// what for, how well.
  var rank: Int {
    switch self {
    case .badSignature, .revoked: 0
    case .nameMismatch, .misleadingName: 1
    case .selfSigned, .unknownIssuer, .incompleteChain, .loopingChain, .chainTooLong, .notAnAuthority, .forbiddenName: 2
    case .expired, .notYetValid, .issuerExpired, .issuerNotYetValid, .unreadableDate, .unusableRevocationList: 3
    case .wrongPurpose, .authorityOnServer: 4
    case .weakKey, .weakSignature: 5
    case .outdatedForm, .unknownCondition, .other: 6
    }
  }
}

extension CertificateProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badSignature(let subject):
      "The signature on the certificate of “\(printable(subject))” is wrong: somebody changed or forged it."
    case .revoked: "The certificate was taken back by its issuer."
    case .unusableRevocationList(let issuer):
      "The list of the certificates that “\(printable(issuer))” has taken back is out of date, or is not its own."
    case .nameMismatch(let host, let names): "The certificate is for \(Self.list(names)), not for \(printable(host))."
    case .misleadingName:
      "A name in the certificate holds characters that do not show, so it may not be what it looks like."
    case .selfSigned: "The certificate is self-signed: nobody but its owner vouches for it."
    case .unknownIssuer(let issuer): "The issuer “\(printable(issuer))” is not among the trusted issuers."
    case .incompleteChain(let issuer):
      "The server did not send the certificate of the issuer “\(printable(issuer))”, so that it cannot be checked."
    case .loopingChain: "The issuers vouch for each other in a circle, so that nobody vouches for them."
    case .chainTooLong: "The chain of issuers is too long, and was not followed to its end."
    case .notAnAuthority(let subject): "“\(printable(subject))” has signed a certificate, but may not do so."
    case .forbiddenName: "One of the issuers may not vouch for the names in the certificate."
    case .expired(let time): "The certificate expired on \(Self.date(time))."
    case .notYetValid(let time): "The certificate is valid only from \(Self.date(time)); is the clock right?"
    case .issuerExpired(let issuer, let time):
      "The certificate of the issuer “\(printable(issuer))” expired on \(Self.date(time))."
    case .issuerNotYetValid(let issuer, let time):
      "The certificate of the issuer “\(printable(issuer))” is valid only from \(Self.date(time)); is the clock right?"
    case .unreadableDate: "A date in the certificate cannot be read."
    case .wrongPurpose:
      "The certificate was issued for another use: a server needs one for servers, a client one for clients."
    case .authorityOnServer: "The certificate is one that signs others, which no server should show as its own."
    case .weakKey(let key): "The key is too weak (\(printable(key)))."
    case .weakSignature(let algorithm): "The signature is too weak (\(printable(algorithm)))."
    case .outdatedForm: "The certificate has an outdated form (version 1) that cannot say what it may be used for."
    case .unknownCondition: "The certificate sets a condition that Ferry does not know."
    case .other(let text): "The certificate cannot be verified: \(printable(text))."
    }
  }

  private static func list(_ names: [String]) -> String {
    switch names.count {
    case 0: "no host at all"
    case 1...4: names.map(short).joined(separator: ", ")
    default: names.prefix(3).map(short).joined(separator: ", ") + " and \(names.count - 3) other names"
    }
  }

  /// A sentence stays one to read, whatever a name is.
  private static func short(_ name: String) -> String {
    name.unicodeScalars.count <= 80 ? printable(name) : printable(String(name.prefix(64))) + "…"
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
