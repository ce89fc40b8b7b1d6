import FTP
import FTPSClient
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing
import Transfers

@testable import ferry

/// What panes and the queue ask the person at the screen, and who gets the answer.
@Suite(.timeLimit(.minutes(1))) struct ScreenQuestionsTests {
  private struct NoTrust: TrustAuthority {
    func judge(_ question: TrustQuestion) async -> TrustDecision { .reject("nobody asked") }
    func stands(_ question: TrustQuestion) async -> Bool { false }
  }

  private let server = ServerAddress(host: "files.example.org", user: "ada")
  private let inbox = Inbox()
  private let sessions = SessionDirectory(SessionDirectory.Terms(trust: NoTrust()))

  /// What was asked since the last time, once there is something.
  private func asked() async throws -> [Question] {
    let found = Mutex<[Question]>([])
    _ = try await eventually {
      for case .asked(let question) in inbox.take() { found.withLock { $0.append(question) } }
      return found.withLock { !$0.isEmpty }
    }
    return found.withLock { $0 }
  }

  private func password(_ question: Question?) throws -> PasswordQuestion {
    guard case .password(let question) = question else {
      throw TestFailure("no password: \(String(describing: question))")
    }
    return question
  }

  @Test("a password that nobody gives is not asked for again on account of those who waited for it")
  func refusedOnce() async throws {
    let questions = ScreenQuestions(inbox: inbox)
    async let first = questions.password(for: server, refusal: nil, in: sessions)
    let question = try password(try await asked().first)
    async let second = questions.password(for: server, refusal: nil, in: sessions)
    async let third = questions.password(for: server, refusal: nil, in: sessions)
    #expect(try await eventually { questions.askers(for: server) == 3 })
    questions.answerSecret(question.id, nil)
    let answers = await [first, second, third]
    #expect(answers == [false, false, false])
    #expect(!inbox.take().contains { if case .asked = $0 { true } else { false } })
    // Who comes later is asked.
    async let later = questions.password(for: server, refusal: nil, in: sessions)
    questions.answerSecret(try password(try await asked().first).id, Secret("x"))
    #expect(await later)
    #expect(questions.askers(for: server) == 0)
  }

  @Test("a question that goes away because its pane does not want it any more is no refusal of the others")
  func givenUp() async throws {
    let questions = ScreenQuestions(inbox: inbox)
    let first = Task { await questions.password(for: server, refusal: nil, in: sessions) }
    _ = try await asked()
    async let second = questions.password(for: server, refusal: nil, in: sessions)
    #expect(try await eventually { questions.askers(for: server) == 2 })
    first.cancel()
    questions.answerSecret(try password(try await asked().first).id, Secret("x"))
    #expect(await second)
    #expect(await !first.value)
  }

  @Test("what was asked about a transfer is taken back when that does not need an answer any more")
  func takenBack() async throws {
    let untrusted = try ScriptedServer { try $0.secure() }
    let folder = try TemporaryFolder("questions")
    try FileTree.write([1], to: folder.appending("a"))
    let server = ServerAddress(host: "127.0.0.1", port: untrusted.port)
    let transfers = ScreenTransfers(
      queue: TransferQueue(sessions: sessions, disk: LocalDisk(files: PosixFiles(umask: 0o022))), sessions: sessions,
      speed: SpeedControl(), questions: ScreenQuestions(inbox: inbox), inbox: inbox, home: nil)
    try await transfers.enqueue(
      TransferOrder(
        source: .local(folder.path), entries: [Screen.file("a", 1, "20240101000000")],
        target: .remote(server, .root)))
    let waiting = Mutex<Int64?>(nil)
    #expect(
      try await eventually {
        for case .queueChanged(let view) in inbox.take() {
          if let row = view.rows.first, case .needsYou = row.state { waiting.withLock { $0 = row.id } }
        }
        return waiting.withLock { $0 != nil }
      })
    let item = try #require(waiting.withLock { $0 })
    try await transfers.run(.ask(item))
    guard case .trouble(let trouble)? = try await asked().first else { throw TestFailure("no question") }
    #expect(trouble.item == item && trouble.kind == .server("\(server)"))
    try await transfers.run(.cancel(.items([item])))
    #expect(
      try await eventually {
        inbox.take().contains { if case .itemSettled(item) = $0 { true } else { false } }
      })
    await transfers.end()
  }

  @Test("a disk that does not answer keeps nobody waiting, and only one thread")
  func hangingDisk() async throws {
    let gate = Gate()
    let reads = Mutex(0)
    let space = FreeSpace(patience: .milliseconds(20)) { _ in
      reads.withLock { $0 += 1 }
      gate.wait()
      return 5
    }
    #expect(await space.bytes(at: "/far") == nil)
    #expect(await space.bytes(at: "/far") == nil)
    #expect(reads.withLock { $0 } == 1)
    gate.open()
    #expect(try await eventually { await space.bytes(at: "/far") == 5 })
    #expect(await FreeSpace().bytes(at: "/")! > 0)
  }
}

/// Keeps threads until it is opened.
private final class Gate: Sendable {
  private let ends: (read: Int32, write: Int32)

  init() {
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0)
    self.ends = (ends[0], ends[1])
  }

  deinit { close(ends.read) }

  func wait() {
    var byte: UInt8 = 0
    _ = read(ends.read, &byte, 1)
  }

  func open() { close(ends.write) }
}
