import FTP
import FTPSClient
import Storage
import TLS

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

  private struct Refusal: Error { var reason: String }

  private let store: @Sendable () throws -> TrustStore
  private let policy: TrustPolicy
  private let expected: Fingerprint?
  private let asker: (any TrustAsker)?
  private var acceptedNow: Set<Subject> = []
  private var open: [Subject: Task<TrustDecision, Never>] = [:]

  /// - Parameters:
  ///   - store: gives the cache; called, and the cache opened, when the first certificate has to be judged.
  ///   - expected: the only certificate that is accepted, whatever else is known (`--fingerprint`).
  ///   - asker: whom the policy `ask` asks; without one it accepts as little as `known`.
  init(
    store: @escaping @Sendable () throws -> TrustStore, policy: TrustPolicy, expected: Fingerprint? = nil,
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
        ? .accept : .reject("its fingerprint is \(leaf), not the one that --fingerprint names")
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
    do {
      let server = question.server
      let store = try store()
      let previous: [TrustedCertificate]
      switch try store.verdict(host: server.host, port: server.port, mode: server.mode, chain: question.chain) {
      case .trusted(let certificate):
        // Only a date for people; a disk that is full must not keep them from their server.
        try? store.touch(certificate)
        return .accept
      case .unknown:
        if question.problems.isEmpty { return .accept }
        previous = []
      case .changed(let known): previous = known
      }
      switch try await answer(question, previous) {
      case .reject: return .reject("you rejected it")
      case .once: acceptedNow.insert(subject)
      case .always:
        try store.replace(
          previous, host: server.host, port: server.port, mode: server.mode, chain: question.chain)
      }
      return .accept
    } catch let refusal as Refusal {
      return .reject(refusal.reason)
    } catch {
      return .reject("the cache of trusted certificates cannot be used (\(unstopped("\(error)")))")
    }
  }

  private func answer(_ question: TrustQuestion, _ previous: [TrustedCertificate]) async throws -> Answer {
    switch policy {
    case .ask:
      guard let asker else { throw refusal(question, previous) }
      return await asker.ask(question, previous: previous)
    case .new:
      guard previous.isEmpty else { throw refusal(question, previous) }
      return .always
    case .known:
      throw refusal(question, previous)
    }
  }

  /// Why nobody is asked, and what a person can do.
  private func refusal(_ question: TrustQuestion, _ previous: [TrustedCertificate]) -> Refusal {
    let leaf = question.chain[0].sha256
    if let known = previous.first {
      return Refusal(
        reason: "it has changed: \(known.certificate.sha256) was trusted, \(leaf) is shown now; if that is right, "
          + "remove the old one with \u{201C}ferry trust remove\u{201D}")
    }
    let problems = question.problems.map { unstopped("\($0)") }.joined(separator: "; ")
    return Refusal(
      reason: "\(problems). If \(leaf) is its fingerprint, accept it with --trust new or --fingerprint")
  }

  /// The sentence, to be continued.
  private func unstopped(_ sentence: String) -> String {
    sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }
}
