import TLS

/// Why a client may not log in, whatever its user and password are.
enum ClientRefusal: Hashable {
  case certificateMissing
  case undecided(Fingerprint, isKept: Bool)
  case rejected(Fingerprint)
  case unfit(Fingerprint, reason: String)
  /// What was decided cannot be found out now.
  case unknown

  /// Nil for a certificate that lets its client in.
  init?(_ verdict: ClientVerdict, _ certificate: Certificate) {
    switch verdict {
    case .trusted: return nil
    case .undecided(let isKept): self = .undecided(certificate.sha256, isKept: isKept)
    case .rejected: self = .rejected(certificate.sha256)
    case .unfit(let reason): self = .unfit(certificate.sha256, reason: reason)
    }
  }

  /// The answer to USER: clients show it to people.
  var reply: ServerReply {
    switch self {
    case .certificateMissing:
      ServerReply(530, "This server needs a client certificate, and yours showed none: set one, then connect again")
    case .undecided(let fingerprint, isKept: true):
      ServerReply(
        530, "Your certificate \(fingerprint) is not trusted here yet: ask the owner of this server, then try again")
    case .undecided(let fingerprint, isKept: false):
      ServerReply(
        530, "Your certificate \(fingerprint) is not trusted here, and too many others wait: ask the owner to add it")
    case .rejected(let fingerprint):
      ServerReply(530, "Your certificate \(fingerprint) was rejected by the owner of this server")
    case .unfit(let fingerprint, let reason):
      ServerReply(530, "Your certificate \(fingerprint) cannot be used here: \(reason)")
    case .unknown: ServerReply(451, "The server cannot check certificates now")
    }
  }
}
