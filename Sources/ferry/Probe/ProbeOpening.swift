import FTP
import FTPSClient
import TLS

/// What the opening of a session tells: worked out from what happened, so that it is the same whether the session came
/// about or not.
struct ProbeOpening {
  let server: ServerAddress
  let events: [SessionEvent]
  /// What was asked about the server's certificate.
  var question: TrustQuestion?
  /// Why there is no session.
  var error: FTPSError?
  /// Seconds since 1970.
  var now: Int64

  /// A certificate that ends within this time is worth a word.
  private static let soon: Int64 = 21 * 86_400
  /// A greeting that takes longer annoys people.
  private static let slow = Duration.seconds(5)

  /// The steps from TCP to login, up to the one that failed.
  var steps: [ProbeStep] {
    var steps = [connect].compactMap(\.self)
    switch server.mode {
    case .implicit: steps += [tls, certificate, clientCertificate, greeting].compactMap(\.self)
    case .explicit: steps += [greeting, tls, certificate, clientCertificate].compactMap(\.self)
    case .plaintext: steps += [greeting, plaintext].compactMap(\.self)
    }
    steps += [login].compactMap(\.self)
    guard let error else { return steps }
    let kind = ProbeAdvice.step(of: error, mode: server.mode, reached: steps.last?.kind)
    steps.removeAll { $0.kind == kind }
    steps.append(ProbeStep(kind, .fail, "\(error)", ProbeAdvice.advice(for: error, server)))
    return steps
  }

  private var connect: ProbeStep? {
    for case .connected(let address, let port) in events.map(\.kind) {
      let time = events.first { if case .connected = $0.kind { true } else { false } }?.time ?? .zero
      return ProbeStep(.connect, .ok, "connected to \(address) port \(port) in \(ProbeText.milliseconds(time))")
    }
    return nil
  }

  private var greeting: ProbeStep? {
    guard let index = events.firstIndex(where: \.isReply), case .reply(let code, let text, _) = events[index].kind,
      code == 220
    else { return nil }
    let waited = events[index].time - (index > 0 ? events[index - 1].time : .zero)
    let isSlow = waited > Self.slow
    return ProbeStep(
      .greeting, isSlow ? .warn : .ok, "\(code) \(text)" + (isSlow ? ", after \(ProbeText.milliseconds(waited))" : ""),
      isSlow ? "Servers that look up their clients' names are slow to greet; switch that off there." : nil)
  }

  private var protection: SessionEvent.Protection? {
    for case .secured(let protection) in events.map(\.kind) { return protection }
    return nil
  }

  private var plaintext: ProbeStep? {
    ProbeStep(
      .tls, .warn, "none: everybody on the way reads everything",
      "Ask for a server with TLS, and write ftpes:// without --plaintext.")
  }

  private var tls: ProbeStep? {
    if let protection {
      let how = server.mode == .implicit ? "before the greeting" : "after AUTH"
      return ProbeStep(.tls, .ok, "\(protection.version) with \(protection.cipher), \(how)")
    }
    guard let question else { return nil }
    return ProbeStep(
      .tls, .ok, "\(SafeText.escape(question.tlsVersion)) with \(SafeText.escape(question.cipher))")
  }

  private var certificate: ProbeStep? {
    guard let question, let leaf = question.chain.first else { return nil }
    let details = leaf.details
    let days = (details.notAfter - now) / 86_400
    let name = SafeText.excerpt("\(details.subject)".utf8, limit: 120)
    var found = "\(name), \(SafeText.escape(details.key)), until \(Timestamp(seconds: details.notAfter).dayText)"
    found += question.chain.count > 1 ? ", \(question.chain.count) certificates; " : "; "
    found += "\(leaf.sha256)"
    if !question.problems.isEmpty {
      let problems = question.problems.map { "\($0)" }.joined(separator: " ")
      return ProbeStep(.certificate, .warn, "\(found). \(problems)", Self.advice(for: question.problems))
    }
    guard details.notAfter - now < Self.soon else { return ProbeStep(.certificate, .ok, found) }
    return ProbeStep(
      .certificate, .warn, "\(found), which is in \(Count.of(Int(days), "day", "days"))",
      "The server's owner has to renew it before then.")
  }

  static func advice(for problems: [CertificateProblem]) -> String {
    for problem in problems {
      switch problem {
      case .expired, .issuerExpired:
        return "The server's owner has to renew it; until then its fingerprint can be trusted."
      case .notYetValid: return "Check this machine's clock, then the server's."
      case .nameMismatch:
        return "Use a name that the certificate is for, or have the server's owner get one for this name."
      case .incompleteChain: return "The server must send the issuers' certificates too; its owner has to add them."
      case .weakKey, .weakSignature: return "The server's owner has to replace it by one of today's strength."
      default: continue
      }
    }
    return "Compare the fingerprint with the server's owner before you trust it."
  }

  private var clientCertificate: ProbeStep? {
    guard let protection else { return nil }
    switch protection.clientCertificate {
    case .notAsked: return ProbeStep(.clientCertificate, .note, "the server does not ask for one")
    case .missing:
      let found = "the server asks for one, and none was shown"
      guard error != nil else { return ProbeStep(.clientCertificate, .note, found + "; it goes without") }
      return ProbeStep(
        .clientCertificate, .warn, found, "Make one, and have it trusted by the one who runs the server.")
    case .shown: return ProbeStep(.clientCertificate, .ok, "shown, as the server asked")
    }
  }

  private var login: ProbeStep? {
    guard
      let index = events.firstIndex(where: {
        if case .command(let text) = $0.kind { text.hasPrefix("USER") } else { false }
      })
    else { return nil }
    let user = server.user.map { SafeText.escape($0) } ?? "anonymous"
    for event in events[index...] {
      guard case .reply(let code, let text, _) = event.kind, code / 100 == 2 else { continue }
      return ProbeStep(.login, .ok, "as \(user): \(code) \(text)")
    }
    return nil
  }
}

extension SessionEvent {
  fileprivate var isReply: Bool { if case .reply = kind { true } else { false } }
}

/// Texts of a probe.
enum ProbeText {
  /// "12 ms"
  static func milliseconds(_ time: Duration) -> String {
    let parts = time.components
    let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
    return milliseconds < 10_000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s"
  }
}
