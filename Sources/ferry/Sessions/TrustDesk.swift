import FTP
import FTPSClient
import Storage
import TLS

/// Who is asked when the cache and the policy leave a certificate open: a dialog, or a prompt on the terminal.
protocol TrustAsker: Sendable {
  /// `previous` holds what was trusted for the server until now; not empty means that its certificate has changed.
  func ask(_ question: TrustQuestion, previous: [TrustedCertificate]) async -> TrustAnswer
}

/// A person's answer to the question whether a certificate is to be trusted.
enum TrustAnswer: Sendable, Hashable {
  case reject
  /// For as long as this program runs.
  case once
  /// Kept in the cache, and not asked again.
  case always
}

/// What happens to a certificate that nothing has vouched for (`--trust`).
enum TrustPolicy: String, Sendable, CaseIterable {
  /// A person decides.
  case ask
  /// A host's first certificate is accepted and remembered; a changed one never is.
  case new
  /// Only what is trusted already.
  case known
}

/// Decides about certificates for all sessions of this process: first by what is known, then by policy or by asking.
///
/// One question for a server and certificate is open at a time; sessions that show the same certificate meanwhile wait
/// for the same answer.
actor TrustDesk: TrustAuthority {
  private struct Subject: Hashable {
    var host: String
    var port: Int
    var mode: TLSMode
    var leaf: Fingerprint
  }

  private let store: @Sendable () async throws -> TrustStore
  private let policy: TrustPolicy
  private let expected: Fingerprint?
  private let asker: (any TrustAsker)?
  private var acceptedNow: Set<Subject> = []
  private var open: [Subject: Task<TrustDecision, Never>] = [:]

  /// - Parameters:
  ///   - store: gives the cache; opened at its first use, off the screen's thread.
  ///   - expected: the only certificate that is accepted, whatever else is known (`--fingerprint`).
  init(
    store: @escaping @Sendable () async throws -> TrustStore, policy: TrustPolicy, expected: Fingerprint? = nil,
    asker: (any TrustAsker)? = nil
  ) {
    self.store = store
    self.policy = policy
    self.expected = expected
    self.asker = asker
  }

  func judge(_ question: TrustQuestion) async -> TrustDecision {
    let leaf = question.chain[0].sha256
    if let expected {
      return expected == leaf
        ? .accept : .reject("its fingerprint \(leaf) is not the expected one")
    }
    let subject = Subject(
      host: question.server.host.lowercased(), port: question.server.port, mode: question.server.mode, leaf: leaf)
    if acceptedNow.contains(subject) { return .accept }
    if let running = open[subject] { return await running.value }
    let task = Task { await decide(question, subject) }
    open[subject] = task
    let decision = await task.value
    open[subject] = nil
    return decision
  }

  private func decide(_ question: TrustQuestion, _ subject: Subject) async -> TrustDecision {
    let store: TrustStore
    let verdict: TrustVerdict
    do {
      store = try await self.store()
      verdict = try store.verdict(
        host: question.server.host, port: question.server.port, mode: question.server.mode, chain: question.chain)
    } catch {
      return .reject("the cache of trusted certificates cannot be read (\(error))")
    }
    let previous: [TrustedCertificate]
    switch verdict {
    case .trusted: return .accept
    case .unknown:
      if question.problems.isEmpty { return .accept }
      previous = []
    case .changed(let known): previous = known
    }
    switch await answer(question, previous) {
    case .success(.reject): return .reject("you rejected it")
    case .success(.once):
      acceptedNow.insert(subject)
      return .accept
    case .success(.always):
      do {
        try store.remember(
          host: question.server.host, port: question.server.port, mode: question.server.mode, chain: question.chain,
          replacing: previous)
      } catch {
        return .reject("it could not be stored (\(error))")
      }
      return .accept
    case .failure(let refusal): return .reject(refusal.reason)
    }
  }

  private struct Refusal: Error { var reason: String }

  private func answer(
    _ question: TrustQuestion, _ previous: [TrustedCertificate]
  ) async -> Result<TrustAnswer, Refusal> {
    switch policy {
    case .ask:
      guard let asker else { return .failure(Refusal(reason: "there is nobody to ask")) }
      return .success(await asker.ask(question, previous: previous))
    case .new:
      if previous.isEmpty { return .success(.always) }
      return .failure(
        Refusal(
          reason: "it has changed since \(previous[0].certificate.sha256) was trusted; "
            + "if that is right, remove the old one with \u{201C}ferry trust remove\u{201D}"))
    case .known:
      let problems = question.problems.map { "\($0)" }.joined(separator: "; ")
      return .failure(
        Refusal(
          reason: previous.isEmpty
            ? "\(problems). Accept it once with --trust ask, or give --fingerprint \(question.chain[0].sha256)"
            : "it is not the one that was trusted (\(previous[0].certificate.sha256))"))
    }
  }
}
