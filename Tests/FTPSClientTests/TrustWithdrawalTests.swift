import FTP
import FTPSClient
import NIOPosix
import Synchronization
import TLS
import TLSChannel
import TestSupport
import Testing

/// Sessions never outlive the trust that they began with (threat C09).
@Suite("Trust that is taken back", .timeLimit(.minutes(1)))
struct TrustWithdrawalTests {
  /// Somebody who changes their mind.
  private final class Fickle: TrustAuthority {
    struct NoLook: Error, CustomStringConvertible { let description = "The disk is on fire." }

    private let state = Mutex<(trusts: Bool, judged: Int)>((true, 0))
    private let looks = Mutex<(done: Int, failing: Int)>((0, 0))
    /// How often it was asked whether its trust stands.
    var looked: Int { looks.withLock { $0.done } }
    /// So many of the next looks fail.
    func fail(_ count: Int) { looks.withLock { $0.failing = count } }
    var judged: Int { state.withLock { $0.judged } }
    func change(trusts: Bool) { state.withLock { $0.trusts = trusts } }

    func judge(_ question: TrustQuestion) async -> TrustDecision {
      state.withLock { state in
        state.judged += 1
        return state.trusts || state.judged == 2 ? .accept : .reject("no more")
      }
    }

    func stands(_ question: TrustQuestion) async throws -> Bool {
      try looks.withLock { looks in
        looks.done += 1
        guard looks.failing > 0 else { return }
        looks.failing -= 1
        throw NoLook()
      }
      return state.withLock { $0.trusts }
    }
  }

  /// A server that lets everybody in, and keeps what they say.
  private func server(_ heard: Heard) throws -> ScriptedServer {
    try ScriptedServer.standard { peer in
      while let line = try? peer.line() {
        heard.add(Array((line + "\n").utf8))
        try peer.send(line.hasPrefix("QUIT") ? "221 bye\r\n" : "200 ok\r\n")
      }
    }
  }

  /// Who keeps a client certificate, until it is lost.
  private final class Keeper: IdentityObserver {
    private let isLost = Mutex(false)
    func lose() { isLost.withLock { $0 = true } }
    func stands(_ identity: ClientIdentity) async -> Bool { isLost.withLock { !$0 } }
    func accepted(_ identity: ClientIdentity, by server: ServerAddress) async {}
    func refused(_ identity: ClientIdentity, by server: ServerAddress) async {}
  }

  private func pool(_ server: ScriptedServer, _ trust: any TrustAuthority, _ keeper: Keeper? = nil) -> SessionPool {
    var configuration = SessionConfiguration(
      server: ServerAddress(host: "127.0.0.1", port: server.port, user: "ada"), password: Secret("lovelace"),
      identity: keeper.map { _ in ClientCertificateTests.identity }, trust: trust, roots: .none)
    configuration.identityObserver = keeper
    return SessionPool(
      configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, limit: 2,
      trustInterval: .milliseconds(20))
  }

  @Test("an idle session is lent again as long as its trust stands, without a question")
  func stands() async throws {
    let trust = Fickle()
    let server = try server(Heard())
    let pool = pool(server, trust)
    let first = try await pool.withSession { $0.number }
    #expect(try await pool.withSession { $0.number } == first)
    #expect(trust.judged == 1)
    await pool.close()
  }

  @Test("an idle session whose trust was taken back is ended; the next one asks, and resumes nothing")
  func ended() async throws {
    let trust = Fickle()
    let heard = Heard()
    let server = try server(heard)
    let pool = pool(server, trust)
    let first = try await pool.withSession { $0.number }
    trust.change(trusts: false)
    let second = try await pool.withSession { ($0.number, $0.facts.tls?.isResumed) }
    #expect(second.0 != first)
    #expect(second.1 == false)
    #expect(trust.judged == 2)
    #expect(await pool.openSessions == 1)
    // Nothing more was said to the server on the old session, no QUIT either.
    #expect(heard.text == "")
    await pool.close()
  }

  /// What takes back the trust of a transfer.
  enum Withdrawal: Sendable, CaseIterable { case elsewhere, here, otherIdentity }

  @Test("a transfer under way ends with the trust that it began with, and says so", arguments: Withdrawal.allCases)
  func underWay(_ withdrawal: Withdrawal) async throws {
    let trust = Fickle()
    let keeper = Keeper()
    let server = try ScriptedServer.standard { peer in
      let data = try peer.serve("RETR /a")
      try data.send("the first part")
      data.waitForEnd()
      peer.waitForEnd()
    }
    let pool = pool(server, trust, keeper)
    let sink = Collected()
    let transfer = Task {
      try await pool.withSession { session in _ = try await session.retrieve(RemotePath("/a"), into: sink) }
    }
    #expect(try await eventually { await sink.text == "the first part" })
    let reason: String
    switch withdrawal {
    case .elsewhere:
      reason = "the server's certificate is trusted no more"
      trust.change(trusts: false)
    case .here:
      reason = "somebody wants it so"
      await pool.end(because: .withdrawn(reason))
    case .otherIdentity:
      reason = "your certificate ada was replaced or removed"
      keeper.lose()
    }
    await #expect(throws: FTPSError.withdrawn(reason)) { try await transfer.value }
    #expect(await pool.openSessions == 0)
    await pool.close()
  }

  @Test("what cannot be looked up for a moment was not taken back: sessions go on, lent or idle")
  func unclear() async throws {
    let trust = Fickle()
    let server = try server(Heard())
    let pool = pool(server, trust)
    let first = try await pool.withSession { session async throws in
      trust.fail(4)
      let looked = trust.looked
      #expect(try await eventually { trust.looked > looked + 5 })
      // Not those in a row that come later, either.
      trust.fail(4)
      #expect(try await eventually { trust.looked > looked + 10 })
      #expect(await session.isUsable)
      return session.number
    }
    trust.fail(1)
    #expect(try await pool.withSession { $0.number } == first)
    #expect(trust.judged == 1)
    await pool.close()
  }

  @Test("what cannot be looked up for longer ends the session, and is not said to be taken back")
  func unclearForLong() async throws {
    let trust = Fickle()
    let server = try server(Heard())
    let pool = pool(server, trust)
    let failure = try await pool.withSession { session async throws in
      trust.fail(.max)
      #expect(try await eventually { await !session.isUsable })
      return await session.failure
    }
    #expect(failure == .trustUnclear("The disk is on fire"))
    #expect("\(failure.map { "\($0)" } ?? "")".hasSuffix("still trusted: The disk is on fire."))
    // An idle one is not lent then; a new one is judged.
    trust.fail(0)
    let second = try await pool.withSession { $0.number }
    trust.fail(.max)
    #expect(try await pool.withSession { $0.number } != second)
    #expect(trust.judged == 3)
    await pool.close()
  }

  @Test("an idle session whose client certificate was replaced elsewhere is not lent again")
  func otherIdentity() async throws {
    let keeper = Keeper()
    let server = try server(Heard())
    let pool = pool(server, Fickle(), keeper)
    let first = try await pool.withSession { $0.number }
    #expect(try await pool.withSession { $0.number } == first)
    keeper.lose()
    #expect(try await pool.withSession { $0.number } != first)
    await pool.close()
  }

  @Test("a session that was opened before anybody wanted it is not lent when its trust was taken back since")
  func warmed() async throws {
    let trust = Fickle()
    let server = try server(Heard())
    let pool = pool(server, trust)
    _ = try await pool.withSession { $0.number }
    await pool.warm(upTo: 2)
    #expect(try await eventually { await pool.openSessions == 2 })
    trust.change(trusts: false)
    await #expect(throws: FTPSError.certificateRejected("no more")) { try await pool.withSession { $0.number } }
    #expect(await pool.openSessions == 0)
    await pool.close()
  }

  @Test("where the answer is no then, no session is had, and no credential is sent")
  func refused() async throws {
    let trust = Fickle()
    let server = try server(Heard())
    let pool = pool(server, trust)
    _ = try await pool.withSession { $0.number }
    trust.change(trusts: false)
    _ = try await pool.withSession { $0.number }
    await #expect(throws: FTPSError.certificateRejected("no more")) { try await pool.withSession { $0.number } }
    #expect(await pool.openSessions == 0)
    await pool.close()
  }
}
