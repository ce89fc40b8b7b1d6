import FTP
import Transfers

/// Runs the transfers of one command to their end, and tells how they go.
struct HeadlessTransfers {
  let output: Output
  let engine: Engine
  let options: TransferOptions
  var segmentation = Segmentation.off

  /// Each request becomes a batch of the queue's journal, and leaves it when it has come to its end; one that is
  /// interrupted stays, so that the next start of the screen can go on with it. No other copy takes any of it meanwhile:
  /// the status tells of all of it.
  ///
  /// - Parameter atOnce: all are begun before the first has ended, so that small folders leave no job idle. What is
  ///   answered "for all" is then for one request only.
  func run(_ requests: [TransferRequest], atOnce: Bool = false) async throws -> ExitStatus {
    if requests.isEmpty { return .done }
    let queue = TransferQueue(
      sessions: engine.sessions, disk: LocalDisk(files: PosixFiles(umask: ProcessHygiene.personsUmask)),
      journal: try engine.journal(isExclusive: true), jobs: options.jobs, segmentation: segmentation)
    // What somebody lets go on by ferry queue retry, while this runs, is this command's to do.
    await queue.watchOutside()
    if let limit = options.limit { engine.speed.choose(.rate(limit.bytesPerSecond)) }
    let drawing = output.canRedraw || options.json ? Task { await ProgressReport(output: output).follow(queue) } : nil
    var tally = Tally()
    do {
      var begun: [AsyncStream<TransferEvent>] = []
      if atOnce { for request in requests { begun.append(try await queue.run(request)) } }
      for (index, var request) in requests.enumerated() {
        if let lasting = tally.lastingAnswer { request.onConflict = lasting }
        let events = atOnce ? begun[index] : try await queue.run(request)
        for await event in events { await take(event, from: queue, &tally) }
        try Task.checkCancellation()
      }
    } catch {
      await end(queue, drawing)
      throw error
    }
    await queue.remove(tally.items)
    await end(queue, drawing)
    return tally.status
  }

  private func end(_ queue: TransferQueue, _ drawing: Task<Void, Never>?) async {
    await queue.stop()
    drawing?.cancel()
    await drawing?.value
    output.showStatus([])
    await engine.sessions.close()
  }

  private func take(_ event: TransferEvent, from queue: TransferQueue, _ tally: inout Tally) async {
    switch event {
    case .started, .batchFinished: return
    case .postponed(let row):
      if let problem = row.problem, !options.json { output.problem("Trying again: \(problem)") }
    case .needsYou(let row):
      // It may have been answered together with another one.
      guard case .needsYou(let question) = await queue.row(row.id)?.state else { return }
      if case .conflict(let conflict) = question, options.asksAtTerminal,
        let answer = await TerminalConflictAsker().ask(row, conflict)
      {
        if answer.scope == .all { tally.lastingAnswer = answer.policy }
        return await queue.answer(row.id, answer.policy, for: answer.scope)
      }
      report(row, &tally)
      await queue.cancel([row.id])
    case .finished(let row):
      // By this command, which has told why, or by another copy.
      if case .cancelled = row.state, tally.items.contains(row.id) { return }
      if case .throughHere(let why) = row.way, tally.isNews(why), !options.json { output.problem(why) }
      report(row, &tally)
    }
  }

  private func report(_ row: QueueSnapshot.Row, _ tally: inout Tally) {
    let report = ItemReport(row)
    if let remark = row.remark, tally.isNews(remark), !options.json { output.problem(remark) }
    tally.count(row.id, report)
    if row.operation == .delete {
      tellRemoval(row, report)
    } else if options.json {
      output.object(report.json)
    } else if report.status != nil {
      output.problem(report.problem)
    } else if !output.canRedraw {
      output.line(report.line)
    }
  }
}

extension HeadlessTransfers {
  /// What `ferry sync` deletes.
  private func tellRemoval(_ row: QueueSnapshot.Row, _ report: ItemReport) {
    let path = SafeText.escape(row.source.path)
    guard case .done = row.state else {
      if options.json { return output.object(report.json) }
      return output.problem(Headless.sentence("\(path) was not deleted: \(report.reason ?? "it was given up")"))
    }
    guard options.json else { return output.line("deleted \(path)") }
    var object = JSONObject()
    object.add("state", "deleted")
    object.add("kind", row.kind.rawValue)
    object.add("target", bytes: row.source.path)
    output.object(object)
  }
}

/// What became of the items of a command.
struct Tally {
  private(set) var items: [TransferItem.ID] = []
  /// What a person has answered for all.
  var lastingAnswer: ConflictPolicy?
  /// What a person was told about how files went.
  private var told: Set<String> = []
  private var statuses: Set<ExitStatus> = []
  private var hasSuccess = false

  /// Whether a person has not been told that yet.
  mutating func isNews(_ remark: String) -> Bool { told.insert(remark).inserted }

  mutating func count(_ id: TransferItem.ID, _ report: ItemReport) {
    items.append(id)
    if let status = report.status {
      statuses.insert(status)
    } else {
      hasSuccess = true
    }
  }

  /// What kept everything from being done; where something was done, "some items failed".
  var status: ExitStatus {
    guard let first = statuses.first else { return .done }
    return statuses.count == 1 && !hasSuccess ? first : .itemsFailed
  }
}
