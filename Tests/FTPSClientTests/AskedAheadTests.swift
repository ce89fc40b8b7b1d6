import Dispatch
import FTP
import Synchronization
import TestSupport
import Testing

@testable import FTPSClient

/// What follows a log-in is asked at once, before the answers: not of servers that lose what comes too early.
@Suite("Servers that do not answer what is asked ahead", .timeLimit(.minutes(1)))
struct AskedAheadTests {
  @Test("are asked one by one then, which costs one connection more, once")
  func oneByOne() async throws {
    let count = Count()
    let server = try ScriptedServer { peer in
      let number = count.next()
      try peer.secure()
      if number == 1 { return try peer.logInAndLose() }
      try peer.logIn()
      peer.waitForEnd()
    }
    let configuration = configuration(server)
    for _ in 1...2 {
      let session = try await open(configuration)
      #expect(await session.isUsable)
      await session.quit()
      #expect(!configuration.habits.answersAhead)
    }
    #expect(count.value == 3)
    #expect(server.scriptProblems == [])
  }

  @Test("are not sent a password twice that is refused while another session finds that out")
  func refused() async throws {
    let count = Count()
    let (isAtPassword, isFoundOut) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let server = try ScriptedServer { peer in
      let number = count.next()
      switch number {
      case 1:
        try peer.secure()
        try peer.logInAndLose { _ = isAtPassword.wait(timeout: .now() + 10) }
      case 2:
        try peer.secure()
        try peer.expect("USER ada")
        try peer.send("331 password?\r\n")
        try peer.expect("PASS lovelace")
        isAtPassword.signal()
        _ = isFoundOut.wait(timeout: .now() + 10)
        try peer.send("530 no\r\n")
        peer.waitForEnd()
      default:
        isFoundOut.signal()
        try peer.secure()
        try peer.logIn()
        peer.waitForEnd()
      }
    }
    let configuration = configuration(server)
    let openings = [Task { try await open(configuration) }, Task { try await open(configuration) }]
    var results: [Result<FTPSession, any Error>] = []
    for opening in openings { results.append(await opening.result) }
    let sessions = results.compactMap { try? $0.get() }
    #expect(sessions.count == 1)
    #expect(count.value == 3)
    for session in sessions { await session.quit() }
    #expect(server.scriptProblems == [])
  }
}

extension Peer {
  /// Goes away in the middle of what is asked ahead.
  fileprivate func logInAndLose(before: () -> Void = {}) throws {
    try expect("USER ada")
    try send("331 password?\r\n")
    try expect("PASS lovelace")
    before()
    try send("230 in\r\n")
    try expect("PBSZ 0")
    try send("200 ok\r\n")
  }
}

private final class Count: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
