import Transfers

/// Works off the queue of the journal, and tells how that goes.
struct HeadlessQueue {
  let output: Output
  let engine: Engine
  let options: RunOptions
  var segmentation = Segmentation.off

  /// Runs until nothing is left that goes on by itself.
  ///
  /// - Returns: the status of what has ended meanwhile; what waits for an answer counts as failed.
  func run(_ journal: any TransferJournal) async throws -> ExitStatus {
    let queue = TransferQueue(
      sessions: engine.sessions, disk: LocalDisk(files: PosixFiles(umask: ProcessHygiene.personsUmask)),
      journal: journal, jobs: options.jobs, segmentation: segmentation)
    if let limit = options.limit { engine.speed.choose(.rate(limit.bytesPerSecond)) }
    let events = await queue.events()
    let drawing = output.canRedraw || options.json ? Task { await ProgressReport(output: output).follow(queue) } : nil
    let reporting = Task { await report(events) }
    do {
      try await queue.restore(isAttended: false)
      await work(queue)
      try Task.checkCancellation()
    } catch {
      await end(queue, drawing)
      throw error
    }
    let asking = await queue.rows(.needsYou, from: 0, count: .max)
    await end(queue, drawing)
    var tally = await reporting.value
    for row in asking { report(row, &tally) }
    return tally.status
  }

  /// Waits until nothing moves any more, and asks about existing files meanwhile.
  private func work(_ queue: TransferQueue) async {
    var putOff: Set<TransferItem.ID> = []
    for await snapshot in queue.updates {
      for row in snapshot[.needsYou] where options.asksAtTerminal && !putOff.contains(row.id) {
        guard case .needsYou(.conflict(let conflict)) = await queue.row(row.id)?.state else { continue }
        if let answer = await TerminalConflictAsker().ask(row, conflict) {
          await queue.answer(row.id, answer.policy, for: answer.scope)
        } else {
          putOff.insert(row.id)
        }
      }
      // While somebody was asked, the others went on.
      if await !queue.isBusy { return }
    }
  }

  private func end(_ queue: TransferQueue, _ drawing: Task<Void, Never>?) async {
    await queue.stop()
    drawing?.cancel()
    await drawing?.value
    output.showStatus([])
    await engine.sessions.close()
  }

  private func report(_ events: AsyncStream<TransferEvent>) async -> Tally {
    var tally = Tally()
    for await event in events {
      switch event {
      case .started, .needsYou, .batchFinished: continue
      case .postponed(let row):
        if let problem = row.problem, !options.json { output.problem("Trying again: \(problem)") }
      case .finished(let row):
        if case .cancelled = row.state { continue }
        if case .throughHere(let why) = row.way, tally.isNews(why), !options.json { output.problem(why) }
        report(row, &tally)
      }
    }
    return tally
  }

  private func report(_ row: QueueSnapshot.Row, _ tally: inout Tally) {
    let report = ItemReport(row)
    if let remark = row.remark, tally.isNews(remark), !options.json { output.problem(remark) }
    tally.count(row.id, report)
    if options.json {
      output.object(report.json)
    } else if report.status != nil {
      output.problem(report.problem)
    } else if !output.canRedraw {
      output.line(report.line)
    }
  }
}
