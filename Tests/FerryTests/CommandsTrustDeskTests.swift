import FTP
import FTPSClient
import Storage
import Synchronization
import SystemPackage
import TLS
import TestSupport
import Testing

@testable import ferry

@Suite("The decision about a certificate") struct CommandsTrustDeskTests {
  enum Known: CaseIterable { case nothing, this, another }

  /// A policy and what is known and found, and whether the certificate is accepted.
  struct Case: Sendable, CustomTestStringConvertible {
    var policy: TrustPolicy
    var known: Known
    var isVouchedFor = false
    var answer: TrustDesk.Answer?
    var accepts: Bool
    /// Whether it is trusted afterwards without any question.
    var isKept: Bool
    var testDescription: String {
      "\(policy), known: \(known), vouched for: \(isVouchedFor), answer: \(answer.map { "\($0)" } ?? "nobody")"
    }
  }

  @Test(
    "follows what is known, then the policy",
    arguments: [
      Case(policy: .ask, known: .this, accepts: true, isKept: true),
      Case(policy: .new, known: .this, accepts: true, isKept: true),
      Case(policy: .known, known: .this, accepts: true, isKept: true),
      Case(policy: .ask, known: .nothing, isVouchedFor: true, accepts: true, isKept: false),
      Case(policy: .new, known: .nothing, isVouchedFor: true, accepts: true, isKept: false),
      Case(policy: .known, known: .nothing, isVouchedFor: true, accepts: true, isKept: false),
      Case(policy: .ask, known: .nothing, accepts: false, isKept: false),
      Case(policy: .ask, known: .nothing, answer: .reject, accepts: false, isKept: false),
      Case(policy: .ask, known: .nothing, answer: .once, accepts: true, isKept: false),
      Case(policy: .ask, known: .nothing, answer: .always(.certificate), accepts: true, isKept: true),
      Case(policy: .new, known: .nothing, accepts: true, isKept: true),
      Case(policy: .new, known: .nothing, answer: .reject, accepts: true, isKept: true),
      Case(policy: .known, known: .nothing, answer: .always(.certificate), accepts: false, isKept: false),
      Case(policy: .ask, known: .another, accepts: false, isKept: false),
      Case(policy: .ask, known: .another, isVouchedFor: true, accepts: false, isKept: false),
      Case(policy: .ask, known: .another, answer: .reject, accepts: false, isKept: false),
      Case(policy: .ask, known: .another, answer: .always(.certificate), accepts: true, isKept: true),
      Case(policy: .new, known: .another, answer: .always(.certificate), accepts: false, isKept: false),
      Case(policy: .new, known: .another, isVouchedFor: true, accepts: false, isKept: false),
      Case(policy: .known, known: .another, isVouchedFor: true, accepts: false, isKept: false),
    ])
  func follows(_ test: Case) async throws {
    let desk = try Desk()
    switch test.known {
    case .nothing: break
    case .this: try desk.remember(desk.certificate)
    case .another: try desk.remember(Desk.makeCertificate())
    }
    let decision = await desk.make(test.policy, answer: test.answer)
      .judge(desk.question(isVouchedFor: test.isVouchedFor))
    #expect((decision == .accept) == test.accepts)
    let after = try desk.store.verdict(
      host: Desk.server.host, port: Desk.server.port, mode: Desk.server.mode, chain: [desk.certificate])
    if case .trusted = after { #expect(test.isKept) } else { #expect(!test.isKept) }
  }

  @Test(
    "for this connection, made for a transfer while nobody is at the server, is over with the transfer",
    .timeLimit(.minutes(1)), arguments: [false, true])
  func unvisited(_ isVisited: Bool) async throws {
    let desk = try Desk()
    let asker = ScriptedAsker(.once)
    let made = desk.make(.ask, asker: asker)
    let isNeeded = Mutex(true)
    let ended = Mutex<[ServerAddress]>([])
    await made.setCompany(
      TrustDesk.Company { _ in
        isVisited
      } isNeeded: { _ in
        isNeeded.withLock { $0 }
      } onEnd: { server in
        ended.withLock { $0.append(server) }
      })
    let question = desk.question()
    for _ in 0..<2 { #expect(await made.judge(question) == .accept) }
    #expect(asker.count == 1)
    isNeeded.withLock { $0 = false }
    if !isVisited { #expect(try await eventually { ended.withLock { $0 } == [Desk.server] }) }
    #expect(await made.judge(question) == .accept)
    #expect(asker.count == (isVisited ? 1 : 2))
  }

  @Test("with --fingerprint is that one certificate, whatever is known")
  func expectedFingerprint() async throws {
    let desk = try Desk()
    let other = try Desk.makeCertificate()
    #expect(await desk.make(.known, expected: desk.certificate.sha256).judge(desk.question()) == .accept)
    try desk.remember(desk.certificate)
    #expect(await desk.make(.new, expected: other.sha256).judge(desk.question()) != .accept)
  }

  @Test("\"this time\" lasts as long as the program, and the question is not asked again")
  func once() async throws {
    let desk = try Desk()
    let asker = ScriptedAsker(.once)
    let trust = desk.make(.ask, asker: asker)
    #expect(await trust.judge(desk.question()) == .accept)
    #expect(await trust.judge(desk.question()) == .accept)
    #expect(asker.count == 1)
    #expect(await desk.make(.known).judge(desk.question()) != .accept)
  }

  @Test("sessions that show the same certificate at the same time wait for one answer")
  func oneQuestion() async throws {
    let desk = try Desk()
    let asker = ScriptedAsker(.always(.certificate))
    let trust = desk.make(.ask, asker: asker)
    let question = desk.question()
    await withTaskGroup(of: TrustDecision.self) { group in
      for _ in 0..<8 { group.addTask { await trust.judge(question) } }
      for await decision in group { #expect(decision == .accept) }
    }
    #expect(asker.count == 1)
  }

  @Test("a cache that cannot be opened trusts nothing, and says so")
  func unusableCache() async throws {
    struct Unusable: Error {}
    let desk = try Desk()
    let trust = TrustDesk(store: { throw Unusable() }, policy: .new)
    guard case .reject(let reason) = await trust.judge(desk.question()) else {
      Issue.record("accepted")
      return
    }
    #expect(reason.contains("cannot be used"))
  }

  @Test("only whole words answer a question at the terminal; an empty line rejects")
  func words() {
    let table: [(String, TrustDesk.Answer?)] = [
      ("", .reject), ("r", .reject), ("Reject", .reject), ("o", .once), ("once", .once),
      (" a\r", .always(.certificate)), ("always", .always(.certificate)), ("key", .always(.key)), ("k", .always(.key)),
      ("i", .always(.issuer)), ("Issuer", .always(.issuer)), ("y", nil), ("yes", nil), ("al", nil), ("replace", nil),
    ]
    for (line, answer) in table {
      #expect(TerminalTrustAsker.answer(Array(line.utf8), hasIssuer: true) == answer, "\(line)")
    }
    #expect(TerminalTrustAsker.answer(Array("issuer".utf8), hasIssuer: false) == nil)
  }

  @Test("only whole words accept a changed certificate")
  func changedWords() {
    let table: [(String, TrustDesk.Answer)] = [
      ("replace", .always(.certificate)), (" Replace  KEY ", .always(.key)), ("replace issuer", .always(.issuer)),
      ("add", .always(.certificate, replacing: false)), ("add key", .always(.key, replacing: false)),
      ("add issuer", .always(.issuer, replacing: false)), ("once", .once),
    ]
    for (line, answer) in table {
      #expect(TerminalTrustAsker.changedAnswer(Array(line.utf8), hasIssuer: true) == answer, "\(line)")
    }
    for line in ["", "r", "y", "a", "o", "k", "always", "key", "replaced", "replacekey", "replace all"] {
      #expect(TerminalTrustAsker.changedAnswer(Array(line.utf8), hasIssuer: true) == .reject, "\(line)")
    }
    #expect(TerminalTrustAsker.changedAnswer(Array("replace issuer".utf8), hasIssuer: false) == .reject)
  }
}

/// A cache of its own, and a server's certificate.
private struct Desk {
  static let server = ServerAddress(host: "files.example.org", port: 2121, mode: .explicit)

  let folder: TemporaryFolder
  let database: FerryDatabase
  let certificate: Certificate
  var store: TrustStore { database.trust }

  init() throws {
    folder = try TemporaryFolder("trust")
    database = FerryDatabase(Home(folder: folder.path))
    certificate = try Self.makeCertificate()
  }

  static func makeCertificate() throws -> Certificate {
    try SelfSignedCertificate.make(
      key: .generate(.ecP256), commonName: "files.example.org", names: ["files.example.org"], days: 2,
      purpose: .server)
  }

  func remember(_ certificate: Certificate) throws {
    try store.remember(
      host: Self.server.host, port: Self.server.port, mode: Self.server.mode, chain: [certificate])
  }

  func question(isVouchedFor: Bool = false) -> TrustQuestion {
    TrustQuestion(
      server: Self.server, chain: [certificate], problems: isVouchedFor ? [] : [.selfSigned], tlsVersion: "TLS 1.3",
      cipher: "TLS_AES_256_GCM_SHA384")
  }

  func make(
    _ policy: TrustPolicy, expected: Fingerprint? = nil, answer: TrustDesk.Answer? = nil,
    asker: (any TrustAsker)? = nil
  ) -> TrustDesk {
    let database = database
    return TrustDesk(
      store: { database.trust }, policy: policy, expected: expected, asker: asker ?? answer.map { ScriptedAsker($0) })
  }
}

/// Somebody who always gives the same answer.
private final class ScriptedAsker: TrustAsker {
  private let answer: TrustDesk.Answer
  private let asked = Mutex(0)
  var count: Int { asked.withLock { $0 } }

  init(_ answer: TrustDesk.Answer) { self.answer = answer }

  func ask(_ inquiry: TrustInquiry) async -> TrustDesk.Answer {
    asked.withLock { $0 += 1 }
    await Task.yield()
    return answer
  }
}
