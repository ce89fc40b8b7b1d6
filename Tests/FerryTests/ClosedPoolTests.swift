import FTP
import FTPSClient
import Storage
import Synchronization
import SystemPackage
import TestSupport
import Testing
import Transfers

@testable import ferry

/// A password that becomes known ends the sessions that are being opened without it, also those that panes wait for.
@Suite("Panes and transfers that want the same password", .timeLimit(.minutes(1)))
struct ClosedPoolTests {
  private let folder: TemporaryFolder
  private let inbox = Inbox()
  private let questions: ScreenQuestions
  private let sessions: SessionDirectory
  private let services: AppServices
  private let server: ScriptedServer
  private let address: ServerAddress

  init() async throws {
    folder = try TemporaryFolder("closed-pool")
    questions = ScreenQuestions(inbox: inbox)
    server = try .standard { try $0.expect("QUIT") }
    address = ServerAddress(host: "127.0.0.1", port: server.port, user: "ada")
    let home = Home(folder: folder.path)
    let database = FerryDatabase(home)
    let desk = TrustDesk(store: { database.trust }, policy: .ask, asker: questions)
    sessions = SessionDirectory(SessionDirectory.Terms(trust: desk))
    let identityDesk = IdentityDesk(
      store: IdentityStore(home), database: database, passphrase: { nil }, asker: nil, notice: { _ in })
    let transfers = ScreenTransfers(
      queue: TransferQueue(sessions: sessions, disk: LocalDisk(files: PosixFiles(umask: 0o022))), sessions: sessions,
      speed: SpeedControl(), questions: questions, inbox: inbox, home: nil)
    services = AppServices(
      local: LocalPanes(), remote: RemotePanes(sessions: sessions),
      connections: await ScreenConnections(
        sessions: sessions, desk: desk, identities: identityDesk, questions: questions, transfers: transfers),
      transfers: transfers, compare: ScreenCompare(sessions: sessions, transfers: transfers, keepsPermissions: false),
      trust: ScreenTrust(database: database, sessions: sessions, desk: desk),
      sites: ScreenSites(store: database.sites, uses: database.identityUses), book: SessionBook(),
      identities: ScreenIdentities(
        desk: identityDesk, database: database, sessions: sessions, questions: questions, inbox: inbox),
      editFolder: { try home.prepare(.edits) })
    services.connections.visit([address])
  }

  /// Waits for a question about the certificate.
  private func certificateAsked() async throws -> Int {
    let asked = Mutex<Int?>(nil)
    #expect(
      try await eventually {
        for case .asked(.certificate(let question)) in inbox.take() { asked.withLock { $0 = question.id } }
        return asked.withLock { $0 != nil }
      })
    return try #require(asked.withLock { $0 })
  }

  @Test("get there all the same while the certificate is asked about", arguments: [true, false])
  func connecting(isAccepted: Bool) async throws {
    let reached = Task { try await services.connections.connect(ConnectRequest(server: address)) }
    let question = try await certificateAsked()
    await sessions.setPassword(Secret("lovelace"), for: address)
    questions.answerCertificate(question, isAccepted ? .once : .reject)
    guard !isAccepted else {
      #expect(try await reached.value.folder == .root)
      return
    }
    // Whoever was too late for that answer asks once more.
    let isOver = Atomic(false)
    let answering = Task {
      while !isOver.load(ordering: .relaxed) {
        for case .asked(.certificate(let next)) in inbox.take() { questions.answerCertificate(next.id, .reject) }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    await #expect(throws: FTPSError.certificateRejected("you rejected it")) { try await reached.value }
    isOver.store(true, ordering: .relaxed)
    try await answering.value
  }

  @Test("say so where they cannot go on by themselves")
  func listing() async throws {
    let runner = EffectRunner(services: services, inbox: inbox)
    runner.run(.list(.right, .remote(address, .root), generation: 7))
    let question = try await certificateAsked()
    await sessions.setPassword(Secret("lovelace"), for: address)
    #expect(
      try await eventually {
        inbox.take().contains { event in
          guard case .listingFailed(.right, generation: 7, let reason) = event else { return false }
          return reason.contains("was ended")
        }
      })
    questions.answerCertificate(question, .reject)
  }

  @Test("a transfer asks for the password once the certificate was accepted, and for that connection once")
  func certificateFirst() async throws {
    try FileTree.write([1], to: folder.appending("a"))
    services.connections.visit([])
    let logins = Mutex(0)
    let server = try ScriptedServer.standard { peer in
      logins.withLock { $0 += 1 }
      try peer.expect("QUIT")
    }
    let address = ServerAddress(host: "127.0.0.1", port: server.port, user: "ada")
    try await services.transfers.enqueue(
      TransferOrder(
        source: .local(folder.path), entries: [Screen.file("a", 1, "20240101000000")],
        target: .remote(address, .root)))
    // Refused, it waits; asked for again, it goes on.
    let (first, item) = try await asked()
    guard case .certificate(let refused) = first else { throw TestFailure("asked first: \(first)") }
    questions.answerCertificate(refused.id, .reject)
    #expect(
      try await eventually {
        inbox.take().contains {
          if case .said(let text, true) = $0 { text.hasSuffix("you rejected it. Its transfers wait.") } else { false }
        }
      })
    try await services.transfers.run(.ask(try #require(item)))
    guard case .certificate(let accepted) = try await asked().question else { throw TestFailure("no certificate") }
    questions.answerCertificate(accepted.id, .once)
    guard case .password(let password) = try await asked().question else { throw TestFailure("no password") }
    questions.answerSecret(password.id, Secret("lovelace"))
    #expect(try await eventually { logins.withLock { $0 > 0 } })
  }

  /// Waits for a question; which transfer needs an answer is told with it.
  private func asked() async throws -> (question: ferry.Question, item: Int64?) {
    let found = Mutex<(question: ferry.Question?, item: Int64?)>((nil, nil))
    _ = try await eventually {
      for event in inbox.take() {
        if case .asked(let question) = event { found.withLock { $0.question = question } }
        if case .queueChanged(let view) = event, let row = view.rows.first { found.withLock { $0.item = row.id } }
      }
      return found.withLock { $0.question != nil }
    }
    let (question, item) = found.withLock { $0 }
    return (try #require(question), item)
  }
}
