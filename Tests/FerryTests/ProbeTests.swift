import FTP
import FTPSClient
import TLS
import Testing

@testable import ferry

/// What a probe makes of what happened, without any server.
@Suite("A probe's opening") struct ProbeTests {
  private static let server = ServerAddress(host: "files.example.org", user: "ada")
  private static let day: Int64 = 86_400

  private func steps(
    _ events: [SessionEvent.Kind], mode: TLSMode = .explicit, error: FTPSError? = nil, question: TrustQuestion? = nil,
    now: Int64 = 0
  ) -> [ProbeStep] {
    let server = ServerAddress(host: "files.example.org", mode: mode, user: "ada")
    let events = events.enumerated().map { SessionEvent(.milliseconds(10 * $0.offset), $0.element) }
    return ProbeOpening(server: server, events: events, question: question, error: error, now: now).steps
  }

  private static let connected: [SessionEvent.Kind] = [.connecting, .connected(address: "192.0.2.7", port: 21)]
  private static let greeted = connected + [.reply(code: 220, text: "hello", lines: 1)]
  private static let secured =
    greeted + [
      .command("AUTH TLS"), .reply(code: 234, text: "go", lines: 1),
      .secured(SessionEvent.Protection(version: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384", isResumed: false)),
    ]
  private static let loggedIn =
    secured + [
      .command("USER ada"), .reply(code: 331, text: "password?", lines: 1), .command("PASS ••••"),
      .reply(code: 230, text: "in", lines: 1),
    ]

  @Test("tells every step of a session that came about")
  func whole() {
    let all = steps(Self.loggedIn)
    #expect(all.map(\.kind) == [.connect, .greeting, .tls, .clientCertificate, .login])
    #expect(all.map(\.verdict) == [.ok, .ok, .ok, .note, .ok])
    #expect(all[0].found == "connected to 192.0.2.7 port 21 in 10 ms")
    #expect(all[4].found == "as ada: 230 in")
  }

  struct Failure: Sendable, CustomTestStringConvertible {
    var error: FTPSError
    var events: [SessionEvent.Kind]
    var mode = TLSMode.explicit
    var step: ProbeStep.Kind
    var advice: String
    var testDescription: String { "\(error)" }
  }

  static let failures: [Failure] = [
    Failure(
      error: .unreachable(host: "h", port: 21, reason: "refused"), events: [.connecting], step: .connect,
      advice: "firewall"),
    Failure(
      error: .silentPort(21, speaksTLS: true), events: connected, step: .greeting, advice: "ftps://files.example.org:21"
    ),
    Failure(error: .silentPort(21), events: connected, step: .greeting, advice: "implicit"),
    Failure(
      error: .notImplicitTLS(firstBytes: "plain text"), events: connected, mode: .implicit, step: .tls,
      advice: "ftpes://files.example.org:990"),
    Failure(error: .notFTP(greeting: "HTTP/1.1 400"), events: connected, step: .greeting, advice: "Another service"),
    Failure(error: .tooManyConnections(Reply(421, "full")), events: connected, step: .greeting, advice: "later"),
    Failure(error: .tlsRefused(Reply(502, "what?")), events: greeted, step: .tls, advice: "switch it on"),
    Failure(error: .bytesAfterAuth, events: greeted, step: .tls, advice: "another network"),
    Failure(error: .tls(.peerAlert(.protocolVersion)), events: greeted, step: .tls, advice: "update"),
    Failure(
      error: .tls(.peerAlert(.certificateRequired)), events: greeted, step: .clientCertificate, advice: "send it yours"),
    Failure(error: .timeout("the TLS handshake"), events: greeted, step: .tls, advice: "later"),
    Failure(error: .loginRefused(Reply(530, "no")), events: secured, step: .login, advice: "password"),
    Failure(error: .protectionRefused(Reply(536, "no")), events: loggedIn, step: .protection, advice: "PROT P"),
    Failure(error: .closed("the server closed the connection"), events: loggedIn, step: .protection, advice: "later"),
  ]

  @Test("puts an error where it belongs, with advice, and tells nothing after it", arguments: failures)
  func failure(_ failure: Failure) throws {
    let all = steps(failure.events, mode: failure.mode, error: failure.error)
    let last = try #require(all.last)
    #expect(last.kind == failure.step)
    #expect(last.verdict == .fail)
    #expect(last.found == "\(failure.error)")
    #expect(last.advice?.contains(failure.advice) == true, "\(last.advice ?? "none")")
    #expect(all.dropLast().allSatisfy { $0.verdict != .fail })
    #expect(Set(all.map(\.kind)).count == all.count)
  }

  @Test("warns of certificates that end soon, and says what each problem asks for")
  func certificates() throws {
    let key = try PrivateKey.generate(.ecP256)
    let certificate = try SelfSignedCertificate.make(
      key: key, commonName: "files\u{1B}[31m.example.org", names: ["files.example.org"], days: 30, purpose: .server)
    let end = certificate.details.notAfter
    func question(_ problems: [CertificateProblem]) -> TrustQuestion {
      TrustQuestion(
        server: Self.server, chain: [certificate], problems: problems, tlsVersion: "TLS 1.3", cipher: "X")
    }
    func certificateStep(_ problems: [CertificateProblem], now: Int64) throws -> ProbeStep {
      let all = steps(Self.loggedIn, question: question(problems), now: now)
      return try #require(all.first { $0.kind == .certificate })
    }
    let fresh = try certificateStep([], now: end - 25 * Self.day)
    #expect(fresh.verdict == .ok)
    #expect(fresh.found.contains("\\x1B[31m") && !fresh.found.contains("\u{1B}"))
    let late = try certificateStep([], now: end - 3 * Self.day)
    #expect(late.verdict == .warn)
    #expect(late.found.contains("in 3 days"))
    let cases: [(CertificateProblem, String)] = [
      (.expired(at: end), "renew"), (.notYetValid(from: end), "clock"),
      (.nameMismatch(host: "a", names: ["b"]), "name"), (.incompleteChain(issuer: "x"), "issuers"),
      (.weakKey("RSA 512"), "strength"), (.selfSigned, "fingerprint"),
    ]
    for (problem, word) in cases {
      let step = try certificateStep([problem], now: end)
      #expect(step.verdict == .warn)
      #expect(step.advice?.contains(word) == true, "\(problem)")
      #expect(step.found.contains("\(problem)"))
    }
  }

  @Test("has one line for what was found and one for advice, and JSON that holds no raw byte")
  func texts() {
    let step = ProbeStep(.passive, .warn, "PASV names 10.0.0.5", "Do this.")
    #expect(step.lines == ["! passive mode    PASV names 10.0.0.5", "                  → Do this."])
    #expect(
      step.json.text
        == #"{"step":"passive","verdict":"warn","found":"PASV names 10.0.0.5","advice":"Do this."}"#)
    for kind in ProbeStep.Kind.allCases { #expect(kind.title.count < 16) }
  }
}
