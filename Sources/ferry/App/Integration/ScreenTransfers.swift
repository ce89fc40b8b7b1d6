import FTP
import FTPSClient
import Storage
import SystemPackage
import Transfers

/// The transfer queue as the screen knows it: takes its orders, shows what it does, brings its questions.
actor ScreenTransfers: TransferService {
  private let queue: TransferQueue
  private let sessions: SessionDirectory
  private let questions: ScreenQuestions
  private let inbox: Inbox
  private let home: FilePath?
  private var restoring: Task<Void, any Error>?
  private var watching: Task<Void, Never>?
  private var asking = ConflictAsking()
  private var watch = FolderWatch()
  private var flushing: Task<Void, Never>?
  /// Servers whose password is being asked for.
  private var passwordsAsked: Set<ServerAddress> = []

  init(engine: Engine, questions: ScreenQuestions, inbox: Inbox, home: FilePath?, jobs: Int) {
    sessions = engine.sessions
    self.questions = questions
    self.inbox = inbox
    self.home = home
    queue = TransferQueue(
      sessions: engine.sessions, disk: LocalDisk(files: PosixFiles(umask: ProcessHygiene.personsUmask)),
      journal: StoredJournal(engine.database.queue),
      jobs: jobs)
  }

  /// Takes up what earlier starts left, and begins to tell what happens.
  func begin() {
    guard restoring == nil else { return }
    let queue = queue
    let task = Task { try await queue.restore() }
    restoring = task
    watching = Task {
      do {
        try await task.value
      } catch {
        inbox.post(.said("The queue of earlier starts cannot be read: \(error)", isError: true))
      }
      for await snapshot in queue.updates { received(snapshot) }
    }
  }

  /// Ends all jobs, so that the next start can go on with them.
  func end() async {
    watching?.cancel()
    await queue.stop()
  }

  // MARK: Orders

  func enqueue(_ order: TransferOrder) async throws {
    begin()
    try await restoring?.value
    try await queue.enqueue(TransferRequest(order))
  }

  func replace(_ file: Place, with path: FilePath) async throws {
    guard let folder = file.parent, let name = file.name, let copy = path.fileName else {
      preconditionFailure("a file has a name and a folder")
    }
    begin()
    try await restoring?.value
    let request = TransferRequest(
      from: .local(path.removingLastComponent()), [TransferRequest.Entry(copy, kind: .file, newName: name)],
      to: folder.location, onConflict: .overwrite)
    for await event in try await queue.run(request) {
      guard case .finished(let row) = event else { continue }
      switch row.state {
      case .done: return
      case .failed(let failure): throw Complaint(failure.reason)
      default: break
      }
    }
    throw Complaint("Sending the edited file back was given up.")
  }

  func run(_ command: QueueCommand) async throws {
    func items(_ ids: [Int64]) -> [TransferItem.ID] { ids.map { TransferItem.ID($0) } }
    switch command {
    case .pause(let ids): await queue.pause(items(ids))
    case .resume(let ids): await queue.resume(items(ids))
    case .cancel(let ids): await queue.cancel(items(ids))
    case .retry(let ids): await queue.retry(items(ids))
    case .remove(let ids): await queue.remove(items(ids))
    case .clearFinished: await queue.clearFinished()
    case .pauseAll: await queue.pauseAll()
    case .resumeAll: await queue.resumeAll()
    case .answer(let id, let answer, let forAll):
      await queue.answer(TransferItem.ID(id), ConflictPolicy(answer), forAll: forAll)
    case .postpone(let id): asking.postponed(id)
    case .ask(let id):
      guard let row = await queue.row(TransferItem.ID(id)), case .needsYou(let question) = row.state else { return }
      ask(question, row)
    }
  }

  // MARK: What happens

  private func received(_ snapshot: QueueSnapshot) {
    inbox.post(.queueChanged(QueueView(snapshot, home: home)))
    for step in asking.received(snapshot[.needsYou]) {
      switch step {
      case .ask(let row, let question): ask(question, row)
      case .settled(let id): inbox.post(.conflictSettled(id))
      }
    }
    watch.received(snapshot)
    flushSoon()
  }

  private func ask(_ question: Transfers.Question, _ row: QueueSnapshot.Row) {
    switch question {
    case .conflict(let conflict): inbox.post(.asked(.conflict(ConflictQuestion(row, conflict))))
    case .credentials(let server, let reason): askPassword(server, reason)
    case .server(let server, _): Task { await queue.serverReady(server) }
    }
  }

  private func askPassword(_ server: ServerAddress, _ reason: String) {
    guard passwordsAsked.insert(server).inserted else { return }
    Task {
      let password = await questions.password(for: server, refusal: reason.isEmpty ? nil : reason)
      passwordsAsked.remove(server)
      guard let password else { return }
      await sessions.setPassword(password, for: server)
      await queue.serverReady(server)
    }
  }

  /// Tells the panes which folders have changed, at most twice a second.
  private func flushSoon() {
    guard flushing == nil, !watch.changed.isEmpty else { return }
    flushing = Task {
      try? await Task.sleep(for: .milliseconds(500))
      flushing = nil
      for folder in watch.takeChanged() { inbox.post(.changed(folder)) }
    }
  }
}
