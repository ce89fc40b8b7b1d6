import FTP
import NIOCore
import TLS
import TLSChannel

/// What has been asked about a server's certificate while its session is being opened, and what was answered.
struct TrustDialogue {
  /// A certificate that was accepted on an earlier connection of the same opening.
  var accepted: Certificate?
  /// The certificate that is being judged, or was.
  var asked: Certificate?
  /// Why there is to be no session.
  var rejection: FTPSError?
  /// It is known what the answer is.
  var isAnswered = false
  /// Nobody wants the answer any more.
  var isCancelled = false
  /// The question under way.
  var asking: Task<TrustDecision, Never>?
  /// What was accepted.
  var question: TrustQuestion?
  /// Waits for the answer though the connection is lost.
  var waiting: CheckedContinuation<Void, Never>?

  mutating func wake() {
    waiting?.resume()
    waiting = nil
  }

  mutating func cancel() {
    isCancelled = true
    asking?.cancel()
    wake()
  }
}

extension Opening {
  /// Asks for trust while the handshake is paused; the time that takes is not the server's.
  func judge(_ chain: [Certificate], _ facts: TLSFacts) async -> Bool {
    handshakeDeadline?.cancel()
    guard let leaf = chain.first else {
      trust.rejection = .certificateRejected("the server showed no certificate")
      return false
    }
    trust.asked = leaf
    let problems = await Self.problems(of: chain, configuration)
    let question = TrustQuestion(
      server: configuration.server, chain: chain, problems: problems, tlsVersion: facts.version, cipher: facts.cipher)
    var judgement = SessionEvent.Judgement(
      shown: SessionEvent.Protection(facts, hasIdentity: configuration.identity != nil),
      problems: problems.map { "\($0)" })
    if leaf != trust.accepted {
      let decision = await ask(question)
      if case .reject(let reason) = decision {
        judgement.rejection = reason
        control.recorder.event(.judged(judgement))
        trust.rejection = .certificateRejected(reason)
        trust.wake()
        return false
      }
    }
    control.recorder.event(.judged(judgement))
    trust.isAnswered = true
    trust.wake()
    trust.question = question
    if control.failure == nil { startHandshakeDeadline() }
    return true
  }

  /// What speaks against the chain. Signatures and long lists of revoked certificates are nothing for the event loop.
  @concurrent private static func problems(
    of chain: [Certificate], _ configuration: SessionConfiguration
  ) async -> [CertificateProblem] {
    ChainCheck.problems(
      of: chain, host: configuration.server.host, at: now(), roots: configuration.roots,
      revoked: configuration.revoked)
  }

  private func ask(_ question: TrustQuestion) async -> TrustDecision {
    let authority = configuration.trust
    if trust.isCancelled { return .reject("nobody waits for it any more") }
    let asking = Task { await authority.judge(question) }
    trust.asking = asking
    let decision = await asking.value
    trust.isAnswered = true
    return decision
  }

  /// The certificate that was accepted, if the connection was lost over the question: then a second attempt need not
  /// ask again. Waits for the answer, which a person may still be thinking about.
  ///
  /// - Throws: ``FTPSError`` if the answer was no, or nobody wants it any more.
  func answerAfterLoss(_ error: FTPSError) async throws(FTPSError) -> Certificate? {
    guard let asked = trust.asked, control.facts == nil, error.isLoss else {
      // Nor does anybody once it is looked at.
      trust.cancel()
      return nil
    }
    if !trust.isAnswered, !trust.isCancelled {
      control.recorder.line(.status, "The connection is made again when the question about the certificate is answered")
      await withCheckedContinuation { trust.waiting = $0 }
    }
    if trust.isCancelled { throw .cancelled }
    if let rejection = trust.rejection { throw rejection }
    return asked
  }
}

extension FTPSError {
  /// The connection ended, and nobody on this side ended it.
  fileprivate var isLoss: Bool {
    switch self {
    case .closed, .tls(.closedDuringHandshake), .tls(.truncated): true
    default: false
    }
  }
}
