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

    init(_ question: TrustQuestion) {
      host = question.server.host.lowercased()
      port = question.server.port
      mode = question.server.mode
      leaf = question.chain[0].sha256
    }

    func isOf(_ server: ServerAddress) -> Bool {
      server.isSameServer(as: ServerAddress(host: host, port: port, mode: mode))
    }
  }

  /// How long a certificate is accepted that was accepted for one connection. Sessions that began with it may go on as
  /// long as nobody takes that back.
  private enum Passing {
    /// For new sessions, too.
    case now
    /// The person has left the server: for new sessions only as long as something else needs it.
    case left(isNeeded: @Sendable () async -> Bool)
    /// For no new session.
    case over
  }

  /// Who may want a server beside the session that asks about its certificate.
  struct Company: Sendable {
    /// Whether a person is at the server, or on the way there.
    var isVisited: @Sendable (ServerAddress) async -> Bool
    /// Whether something else, as a transfer, still needs it.
    var isNeeded: @Sendable (ServerAddress) async -> Bool
    /// Ends its sessions that are idle.
    var onEnd: @Sendable (ServerAddress) async -> Void
  }

  private struct Refusal: Error { var reason: String }

  /// What is known without asking anybody.
  private enum Standing {
    case trusted(TrustedCertificate)
    /// Nothing is kept for the server, and an authority of the system vouches for it.
    case vouchedFor
    case open(previous: [TrustedCertificate])
  }

  private let store: @Sendable () throws -> TrustStore
  private let policy: TrustPolicy
  private let expected: Fingerprint?
  private let asker: (any TrustAsker)?
  private let asksAboutVouchedFor: @Sendable () -> Bool
  private let notice: @Sendable (String) -> Void
  private let clock: @Sendable () -> Int64
  private var once: [Subject: Passing] = [:]
  private var company: Company?
  private var warned: Set<Subject> = []
  private var warnedOfLists: Set<Subject> = []
  private var open: [Subject: Task<TrustDecision, Never>] = [:]

  /// - Parameters:
  ///   - store: gives the cache; called, and the cache opened, when the first certificate has to be judged.
  ///   - expected: the only certificate that is accepted, whatever else is known (`--fingerprint`).
  ///   - asker: whom the policy `ask` asks; without one it accepts as little as `known`.
  ///   - asksAboutVouchedFor: whether a chain that an authority of the system vouches for is asked about all the same.
  ///   - notice: takes what a person has to know about a certificate that is trusted, one sentence.
  ///   - clock: seconds since 1970.
  init(
    store: @escaping @Sendable () throws -> TrustStore, policy: TrustPolicy, expected: Fingerprint? = nil,
    asker: (any TrustAsker)? = nil, asksAboutVouchedFor: @escaping @Sendable () -> Bool = { false },
    notice: @escaping @Sendable (String) -> Void = { _ in },
    clock: @escaping @Sendable () -> Int64 = { Timestamp.now.seconds }
  ) {
    self.store = store
    self.policy = policy
    self.expected = expected
    self.asker = asker
    self.asksAboutVouchedFor = asksAboutVouchedFor
    self.notice = notice
    self.clock = clock
  }

  func judge(_ question: TrustQuestion) async -> TrustDecision {
    // Whatever anybody has answered before: that is what lists of revoked certificates are for.
    if question.problems.contains(.revoked) {
      return .reject("its issuer has taken it back, as the list of revoked certificates (crl-file) says")
    }
    if let expected {
      let leaf = question.chain[0].sha256
      return expected == leaf
        ? .accept : .reject("its fingerprint is \(leaf), not the one that --fingerprint names")
    }
    let subject = Subject(question)
    if await isAcceptedOnce(subject) { return .accept }
    if let running = open[subject] { return await running.value }
    let task = Task { await decide(question, subject) }
    open[subject] = task
    let decision = await task.value
    open[subject] = nil
    return decision
  }

  private func isAcceptedOnce(_ subject: Subject) async -> Bool {
    switch once[subject] {
    case nil, .over: return false
    case .now: return true
    case .left(let isNeeded):
      let isNeeded = await isNeeded()
      if !isNeeded, case .left = once[subject] { once[subject] = .over }
      return isNeeded && once[subject] != nil
    }
  }

  /// Whether what was accepted stands: it was accepted for a connection and not taken back, or would be accepted again
  /// without a question.
  ///
  /// - Throws: `StorageError` where the cache of trusted certificates cannot be read.
  func stands(_ question: TrustQuestion) throws -> Bool {
    if let expected { return expected == question.chain[0].sha256 }
    if once[Subject(question)] != nil { return true }
    let (store, server) = (try store(), question.server)
    if try store.accepts(question.chain[0], host: server.host, port: server.port, mode: server.mode) { return true }
    if case .open = try standing(question, store) { return false }
    return true
  }

  /// Who else is there: without anybody, what is accepted for one connection holds as long as this desk.
  func setCompany(_ company: Company) { self.company = company }

  /// Of a transfer that nobody watches, "this connection" is over when it is: as if the person had left by then.
  private func leaveIfUnvisited(_ server: ServerAddress) async {
    guard let company else { return }
    await left(server) {
      await company.isNeeded(server)
    } onEnd: {
      await company.onEnd(server)
    }
  }

  /// The person has left a server: what was accepted for that connection is asked about again, once nothing needs the
  /// server. Sessions that are open, as those of transfers may be, go on.
  ///
  /// - Parameter onEnd: called when nothing needs it any more: sessions that are idle should end.
  func left(
    _ server: ServerAddress, whileNeeded isNeeded: @escaping @Sendable () async -> Bool = { false },
    onEnd: @escaping @Sendable () async -> Void = {}
  ) async {
    // Somebody may be back by now, and has found that nobody had left.
    if let company, await company.isVisited(server) { return }
    var hasLeft = false
    for subject in once.keys where subject.isOf(server) {
      if case .now = once[subject] {
        once[subject] = .left(isNeeded: isNeeded)
        hasLeft = true
      }
    }
    // Whoever has left before is looked after already.
    guard hasLeft else { return }
    // Looked after from now on, and not when the next session asks: that may be an hour later.
    Task {
      while isLeft(server), await isNeeded() {
        do { try await Task.sleep(for: .seconds(1)) } catch { return }
      }
      if isOver(server) { await onEnd() }
    }
  }

  private func isLeft(_ server: ServerAddress) -> Bool {
    once.contains { subject, passing in
      if case .left = passing { subject.isOf(server) } else { false }
    }
  }

  private func isOver(_ server: ServerAddress) -> Bool {
    var hasEnded = false
    for subject in once.keys where subject.isOf(server) {
      if case .left = once[subject] {
        once[subject] = .over
        hasEnded = true
      }
    }
    return hasEnded
  }

  /// The person is back at a server that was left: what something has needed until now is accepted on.
  ///
  /// - Returns: whether something that was accepted is asked about again, so that sessions that are idle should end.
  func cameBack(to server: ServerAddress) async -> Bool {
    var isOver = false
    for subject in once.keys where subject.isOf(server) {
      if await !isAcceptedOnce(subject) { isOver = true } else if case .left = once[subject] { once[subject] = .now }
    }
    return isOver
  }

  /// Takes back what was accepted for a connection with a server: its sessions end.
  func takeBack(_ server: ServerAddress) {
    once = once.filter { !$0.key.isOf(server) }
  }

  private func standing(_ question: TrustQuestion, _ store: TrustStore) throws -> Standing {
    let server = question.server
    switch try store.verdict(host: server.host, port: server.port, mode: server.mode, chain: question.chain) {
    case .trusted(let certificate): return .trusted(certificate)
    case .unknown:
      return question.problems.isEmpty && !asksAboutVouchedFor() ? .vouchedFor : .open(previous: [])
    case .changed(let known): return .open(previous: known)
    }
  }

  private func decide(_ question: TrustQuestion, _ subject: Subject) async -> TrustDecision {
    do {
      let store = try store()
      let previous: [TrustedCertificate]
      switch try standing(question, store) {
      case .trusted(let certificate):
        warn(question, subject)
        // Only dates for people; a disk that is full must not keep them from their server.
        try? store.touch(certificate, chain: question.chain)
        return .accept
      case .vouchedFor: return .accept
      case .open(let known): previous = known
      }
      let inquiry = TrustInquiry(question, previous: previous, at: clock())
      switch try await answer(inquiry) {
      case .reject:
        once[subject] = nil
        return .reject("you rejected it")
      case .once:
        once[subject] = .now
        await leaveIfUnvisited(question.server)
      case .always(let kind, let replacing):
        once[subject] = nil
        try keep(inquiry, as: kind, in: store, replacing: replacing ? previous : [])
      }
      return .accept
    } catch let refusal as Refusal {
      return .reject(refusal.reason)
    } catch {
      return .reject("the cache of trusted certificates cannot be used (\(unstopped("\(error)")))")
    }
  }

  private func keep(
    _ inquiry: TrustInquiry, as kind: TrustedCertificate.Kind, in store: TrustStore,
    replacing previous: [TrustedCertificate]
  ) throws {
    var chain = inquiry.question.chain
    if kind == .issuer {
      guard let issuer = inquiry.issuer else {
        throw Refusal(reason: "its issuer cannot be trusted, as the chain does not prove who that is")
      }
      chain = [chain[0], issuer] + chain.dropFirst().filter { $0 != issuer }
    }
    let server = inquiry.question.server
    try store.replace(
      previous, host: server.host, port: server.port, mode: server.mode, chain: chain, kind: kind)
  }

  /// A certificate that was accepted for good stays so; that its time is over is said once, and so is that it cannot be
  /// told whether its issuer has taken it back.
  private func warn(_ question: TrustQuestion, _ subject: Subject) {
    let unusable = question.problems.first { if case .unusableRevocationList = $0 { true } else { false } }
    if let unusable, warnedOfLists.insert(subject).inserted {
      notice(
        "\(SafeText.escape("\(question.server.host)")): \(unusable) You trust its certificate, which stays trusted.")
    }
    for problem in question.problems where problem.isAboutDates && warned.insert(subject).inserted {
      notice("\(SafeText.escape("\(question.server.host)")): \(problem) You trust it, and it stays trusted.")
    }
  }

  private func answer(_ inquiry: TrustInquiry) async throws -> Answer {
    if policy == .ask, let asker { return await asker.ask(inquiry) }
    guard let answer = policy.answer, inquiry.previous.isEmpty else { throw refusal(inquiry) }
    if let problem = inquiry.question.problems.first(where: \.needsEyes) {
      throw Refusal(reason: "\(unstopped("\(problem)")), and nobody has looked at it; accept it with --trust ask")
    }
    return answer
  }

  /// Why nobody is asked, and what a person can do.
  private func refusal(_ inquiry: TrustInquiry) -> Refusal {
    let question = inquiry.question
    let leaf = question.chain[0].sha256
    if let known = inquiry.previous.first, let change = inquiry.changes.first {
      return Refusal(
        reason: "it has changed (\(change.verdict.title.lowercasedStart)): \(known.certificate.sha256) was trusted, "
          + "\(leaf) is shown now; if that is right, remove the old one with \u{201C}ferry trust remove\u{201D}")
    }
    let problems = question.problems.map { unstopped("\($0)") }.joined(separator: "; ")
    let reason = problems.isEmpty ? "an authority vouches for it, but you want to be asked" : problems
    return Refusal(reason: "\(reason). If \(leaf) is its fingerprint, accept it with --trust new or --fingerprint")
  }

  /// The sentence, to be continued.
  private func unstopped(_ sentence: String) -> String {
    sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }
}

extension String {
  /// For the middle of a sentence.
  fileprivate var lowercasedStart: String { prefix(1).lowercased() + dropFirst() }
}
