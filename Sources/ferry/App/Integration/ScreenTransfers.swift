import FTP
import FTPSClient
import Storage
import SystemPackage
import Transfers

/// The transfer queue as the screen knows it: takes its orders, shows what it does, brings its questions.
actor ScreenTransfers: TransferService {
  let queue: TransferQueue
  let sessions: SessionDirectory
  let questions: ScreenQuestions
  let inbox: Inbox
  private let home: FilePath?
  private var restoring: Task<Void, any Error>?
  private var watching: Task<Void, Never>?
  private var asking = ConflictAsking()
  private var watch = FolderWatch()
  private var flushing: Task<Void, Never>?
  /// The rows that the drawer wants to have.
  private var window = QueueWindow()
  private var last = QueueSnapshot()
  private let speed: SpeedControl
  /// Servers whose password is being asked for.
  var passwordsAsked: Set<ServerAddress> = []
  /// Servers whose certificate is looked at, and password asked for, before their transfers go on.
  var visiting: Set<ServerAddress> = []
  /// Items whose question is being made ready.
  var preparing: Set<TransferItem.ID> = []
  /// Items whose question was put to the person.
  var put: Set<TransferItem.ID> = []
  let freeSpace = FreeSpace()

  init(
    queue: TransferQueue, sessions: SessionDirectory, speed: SpeedControl, questions: ScreenQuestions, inbox: Inbox,
    home: FilePath?
  ) {
    self.queue = queue
    self.sessions = sessions
    self.speed = speed
    self.questions = questions
    self.inbox = inbox
    self.home = home
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
      for await snapshot in queue.updates { await received(snapshot) }
    }
  }

  /// Ends all jobs, so that the next start can go on with them.
  func end() async {
    watching?.cancel()
    await queue.stop()
  }

  /// Whether transfers of a server are under way, or will be by themselves or with the password that is asked for now.
  func needs(_ server: ServerAddress) async -> Bool {
    if visiting.contains(where: { $0.isSameServer(as: server) }) { return true }
    return await queue.needs(server)
  }

  // MARK: Orders

  func enqueue(_ order: TransferOrder) async throws { try await enqueue(TransferRequest(order)) }

  func delete(_ entries: [Entry], in folder: Place) async throws {
    try await enqueue(TransferRequest(deleting: entries.map { TransferRequest.Entry($0) }, in: folder.location))
  }

  func setPermissions(_ change: PermissionChange, of entries: [Entry], in folder: Place) async throws {
    let entries = entries.map { TransferRequest.Entry($0) }
    try await enqueue(TransferRequest(setting: change, of: entries, in: folder.location))
  }

  func reached(_ server: ServerAddress) async {
    begin()
    try? await restoring?.value
    await queue.serverReady(server)
  }

  private func enqueue(_ request: TransferRequest) async throws {
    begin()
    try await restoring?.value
    try await queue.enqueue(request)
  }

  func awaited(_ paths: [FilePath]) async throws -> Set<FilePath> {
    begin()
    try await restoring?.value
    return await queue.awaited(paths)
  }

  func replace(_ file: Place, with path: FilePath, fetched: FileStamp?) async throws {
    guard let folder = file.parent, let name = file.name, let copy = path.fileName else {
      preconditionFailure("a file has a name and a folder")
    }
    begin()
    try await restoring?.value
    var entry = TransferRequest.Entry(copy, kind: .file, newName: name)
    entry.expected = fetched.map { FileFacts(size: $0.size, modified: $0.modified, identity: $0.identity) }
    let request = TransferRequest(
      from: .local(path.removingLastComponent()), [entry],
      to: folder.location, operation: .move, onConflict: .overwrite)
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

  /// Takes requests into the queue, and waits for their ends.
  ///
  /// - Returns: whether everything is over there.
  func run(_ requests: [TransferRequest]) async throws -> Bool {
    begin()
    try await restoring?.value
    var batches: [AsyncStream<TransferEvent>] = []
    for request in requests { batches.append(try await queue.run(request)) }
    var isWhole = true
    for batch in batches {
      var isFinished = false
      for await event in batch {
        if case .batchFinished = event { isFinished = true }
        guard case .finished(let row) = event else { continue }
        if case .done = row.state { continue }
        isWhole = false
      }
      // Ferry is about to end.
      if !isFinished { throw CancellationError() }
    }
    return isWhole
  }

  func run(_ command: QueueCommand) async throws {
    switch command {
    case .pause(let selection): await queue.pause(await items(selection))
    case .resume(let selection): await queue.resume(await items(selection))
    case .cancel(let selection): await queue.cancel(await items(selection))
    case .retry(let selection): await queue.retry(await items(selection))
    case .weigh(let selection): inbox.post(.weighed(selection, await queue.weigh(await items(selection))))
    case .remove(let selection): await queue.remove(await items(selection))
    case .move(let selection, let step): await queue.move(await items(selection), step)
    case .place(let selection, let anchor):
      await queue.place(await items(selection), anchor)
      await show()
      inbox.post(.placed)
    case .raise(let selection, let steps): await queue.raise(await items(selection), by: steps)
    case .setPriority(let selection, let priority): await queue.setPriority(priority, of: await items(selection))
    case .retryFailed: await queue.retryFailed()
    case .clearFinished: await queue.clearFinished()
    case .pauseAll: await queue.pauseAll()
    case .resumeAll: await queue.resumeAll()
    case .answer(let id, let answer, let scope): await queue.answer(TransferItem.ID(id), answer, for: scope)
    case .setPolicy(let order, let policy, let scope):
      await queue.setPolicy(policy, of: TransferBatch.ID(order), for: scope)
    case .compare(let id): await compare(id)
    case .limit(let choice):
      speed.choose(choice)
      await show()
    case .look(let window):
      self.window = window
      await show()
    case .postpone(let id): asking.postponed(id)
    case .ask(let id):
      guard let row = await queue.row(TransferItem.ID(id)), case .needsYou(let question) = row.state else { return }
      ask(question, row)
    }
  }

  private func compare(_ id: Int64) async {
    do {
      guard let comparison = try await queue.compare(TransferItem.ID(id)) else { return }
      let name = comparison.algorithm.rawValue
      let text = comparison.isSame ? "the same on both sides (\(name))" : "different (\(name))"
      inbox.post(.compared(id, text, isSame: comparison.isSame))
    } catch {
      inbox.post(.compared(id, "cannot be compared: \(error)", isSame: nil))
    }
  }

  private func items(_ selection: QueueSelection) async -> [TransferItem.ID] {
    switch selection {
    case .items(let ids): return ids.map { TransferItem.ID($0) }
    case .order(let order): return await queue.items(of: TransferBatch.ID(order))
    case .part(let part):
      var ids: [TransferItem.ID] = []
      for tab in part.tabs { ids += await queue.items(in: tab) }
      return ids
    }
  }

  // MARK: What happens

  private func received(_ snapshot: QueueSnapshot) async {
    last = snapshot
    await show()
    for step in asking.received(snapshot[.needsYou]) {
      switch step {
      case .ask(let row, let question): ask(question, row)
      case .settled(let id): inbox.post(.itemSettled(id))
      }
    }
    await takeBackQuestions()
    watch.received(snapshot)
    flushSoon()
  }

  /// Brings the rows that the drawer wants to have.
  private func show() async {
    let (window, snapshot) = (window, last)
    var rows: [QueueSnapshot.Row] = []
    var skip = window.offset
    for tab in window.filter.tabs where rows.count < QueueWindow.length {
      let count = snapshot.counts[tab]
      if skip >= count {
        skip -= count
        continue
      }
      rows += await queue.rows(tab, from: skip, count: QueueWindow.length - rows.count)
      skip = 0
    }
    // Another window may have been asked for meanwhile: its rows come by themselves.
    guard window == self.window else { return }
    inbox.post(.queueChanged(QueueView(snapshot, rows: rows, of: window, limit: speed.limit.rate, home: home)))
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
