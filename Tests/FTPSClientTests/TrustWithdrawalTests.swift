import FTP
import FTPSClient
import NIOPosix
import Synchronization
import TLS
import TLSChannel
import Testing

/// Sessions never outlive the trust that they began with (threat C09).
@Suite("Trust that is taken back", .timeLimit(.minutes(1)))
struct TrustWithdrawalTests {
  /// Somebody who changes their mind.
  private final class Fickle: TrustAuthority {
    private let state = Mutex<(trusts: Bool, judged: Int)>((true, 0))
    var judged: Int { state.withLock { $0.judged } }
    func change(trusts: Bool) { state.withLock { $0.trusts = trusts } }

    func judge(_ question: TrustQuestion) async -> TrustDecision {
      state.withLock { state in
        state.judged += 1
        return state.trusts || state.judged == 2 ? .accept : .reject("no more")
      }
    }

    func stands(_ question: TrustQuestion) async -> Bool { state.withLock { $0.trusts } }
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

  private func pool(_ server: ScriptedServer, _ trust: any TrustAuthority) -> SessionPool {
    SessionPool(
      configuration: SessionConfiguration(
        server: ServerAddress(host: "127.0.0.1", port: server.port, user: "ada"), password: Secret("lovelace"),
        trust: trust, roots: .none),
      group: MultiThreadedEventLoopGroup.singleton, limit: 2)
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
