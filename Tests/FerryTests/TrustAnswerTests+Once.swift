import FTP
import FTPSClient
import Storage
import Synchronization
import TestSupport
import Testing

@testable import TLS
@testable import ferry

/// How long "this connection" lasts.
extension TrustAnswerTests {
  @Test("this connection: until the server is left, for this program only")
  func once() async throws {
    let shown = try chain()
    let desk = desk(.once)
    #expect(await desk.judge(question(shown)) == .accept)
    #expect(try await desk.stands(question(shown)))
    #expect(await !isTrusted(shown))
    #expect(try database.trust.list().isEmpty)
    await desk.left(ServerAddress(host: "other.example.org", port: 2121))
    #expect(try await desk.stands(question(shown)))
    #expect(await desk.cameBack(to: Self.server) == false)
    #expect(await desk.judge(question(shown)) == .accept)
    #expect(said.questions == 1)
    await desk.left(Self.server)
    // Who left has not taken it back: a session that is lent goes on.
    #expect(try await desk.stands(question(shown)))
    #expect(await desk.judge(question(shown)) == .accept)
    #expect(said.questions == 2)
    await desk.takeBack(Self.server)
    #expect(try await !desk.stands(question(shown)))
    #expect(await desk.judge(question(shown)) == .accept)
    #expect(said.questions == 3)
  }

  @Test("this connection: for a server that was left, transfers go on without a question until they are over")
  func onceWhileNeeded() async throws {
    let shown = try chain()
    let desk = desk(.once)
    #expect(await desk.judge(question(shown)) == .accept)
    let isNeeded = Mutex(true)
    await desk.left(Self.server) { isNeeded.withLock { $0 } }
    for _ in 0..<2 { #expect(await desk.judge(question(shown)) == .accept) }
    // Whoever comes back meanwhile has the same connection still.
    #expect(await !desk.cameBack(to: Self.server))
    isNeeded.withLock { $0 = false }
    #expect(await desk.judge(question(shown)) == .accept)
    #expect(said.questions == 1)

    await desk.left(Self.server) { isNeeded.withLock { $0 } }
    #expect(await desk.cameBack(to: Self.server))
    #expect(try await desk.stands(question(shown)))
    #expect(await desk.judge(question(shown)) == .accept)
    #expect(said.questions == 2)
    #expect(await !desk.cameBack(to: Self.server))
  }

  @Test("this connection: who is back by now has not left, and where nothing was accepted, nothing is looked after")
  func onceAndBack() async throws {
    let shown = try chain()
    let desk = desk(.once)
    let looks = Mutex(0)
    await desk.left(Self.server) {
      looks.withLock { $0 += 1 }
      return false
    }
    #expect(await desk.judge(question(shown)) == .accept)
    let isVisited = Mutex(true)
    await desk.setCompany(
      TrustDesk.Company { _ in
        isVisited.withLock { $0 }
      } isNeeded: { _ in
        false
      } onEnd: { _ in
      })
    let ends = Mutex(0)
    for _ in 0..<2 {
      await desk.left(Self.server) {
        false
      } onEnd: {
        ends.withLock { $0 += 1 }
      }
      #expect(await desk.judge(question(shown)) == .accept)
      #expect(said.questions == 1 && ends.withLock { $0 } == 0)
    }
    isVisited.withLock { $0 = false }
    await desk.left(Self.server) {
      false
    } onEnd: {
      ends.withLock { $0 += 1 }
    }
    #expect(try await eventually { ends.withLock { $0 } == 1 })
    #expect(looks.withLock { $0 } == 0)
  }

  @Test("this connection: what is kept for good later, or rejected, is no more accepted for that alone")
  func onceThenOther() async throws {
    let shown = try chain()
    let answers = Mutex<[TrustDesk.Answer]>([.once, .always(.certificate), .once, .reject])
    let asker = AnsweringInTurn { answers.withLock { $0.removeFirst() } }
    let database = database
    let desk = TrustDesk(store: { database.trust }, policy: .ask, asker: asker)
    for isKept in [true, false] {
      #expect(await desk.judge(question(shown)) == .accept)
      await desk.left(Self.server)
      #expect(await (desk.judge(question(shown)) == .accept) == isKept)
      for kept in try database.trust.list() { #expect(try database.trust.remove(kept.id)) }
      #expect(try await !desk.stands(question(shown)))
    }
  }
}
