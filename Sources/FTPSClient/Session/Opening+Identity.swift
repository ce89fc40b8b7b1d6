import FTP
import TLS

extension Opening {
  /// Refuses to connect with a certificate that cannot be shown: nothing good can come of it.
  static func checkIdentity(_ identity: ClientIdentity?) throws(FTPSError) {
    guard let identity else { return }
    let problem = ClientCertificateProblem.first(of: identity.certificate, key: identity.identity.key, at: now())
    if let problem { throw .identityUnfit(name: identity.name, problem) }
  }

  /// The error of the connection's beginning in the light of what the server asked for: a server that wanted a client
  /// certificate, or did not like ours, says so in many ways.
  ///
  /// TLS 1.2 has an alert in the handshake; TLS 1.3 one after it, which comes instead of the first reply; some servers
  /// only close the connection.
  func explained(_ error: FTPSError) -> FTPSError {
    guard !isHeardInTLS, trust.rejection == nil, let handshake, handshake.wasAskedForCertificate else { return error }
    switch error {
    case .tls(.peerAlert(let alert)) where alert.isAboutCertificate || alert == .handshakeFailure:
      return refusal(.alert(alert))
    case .tls(.closedDuringHandshake), .tls(.truncated), .closed:
      // While a person was asked about the server's certificate, the server may have grown tired.
      if control.facts == nil, trust.asked != nil { return error }
      return refusal(.closed)
    default:
      return error
    }
  }

  /// The error for a refused log-in, if it is about the client certificate: the server says so, or refuses by policy
  /// (534, RFC 2228), or refuses the user before it has heard a password.
  func refusal(of reply: Reply, afterPassword: Bool) -> FTPSError? {
    guard let handshake else { return nil }
    let isAboutCertificate = reply.text.lowercased().contains("certificate")
    let isByPolicy = reply.code == 534 || reply.code == 530 && !afterPassword && configuration.identity != nil
    guard isAboutCertificate || isByPolicy && handshake.wasAskedForCertificate else { return nil }
    return refusal(.reply(reply))
  }

  private func refusal(_ cause: IdentityRefusal.Cause) -> FTPSError {
    guard let identity = configuration.identity else {
      return .certificateWanted(issuers: handshake?.acceptedIssuers ?? [])
    }
    return .identityRefused(
      IdentityRefusal(name: identity.name, fingerprint: identity.certificate.sha256, cause: cause))
  }

  /// Tells the configuration's observer what the server made of the certificate.
  static func tell(
    _ configuration: SessionConfiguration, _ result: Result<FTPSession, any Error>
  ) async {
    guard let identity = configuration.identity, let observer = configuration.identityObserver else { return }
    switch result {
    case .success(let session):
      if session.facts.asksForCertificate { await observer.accepted(identity, by: configuration.server) }
    case .failure(FTPSError.identityRefused(let refusal)):
      if refusal.isAwaitingTrust { await observer.refused(identity, by: configuration.server) }
    case .failure: break
    }
  }
}
