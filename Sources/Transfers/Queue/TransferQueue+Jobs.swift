/// Jobs: their beginnings and their ends.
extension TransferQueue {
  func start(_ id: TransferItem.ID) {
    guard let item = state[id], let batch = state[item.batch] else { preconditionFailure("no such item") }
    keepPart(of: id)
    let progress = ByteProgress(from: item.bytes)
    let job = Job(item: item, batch: batch, progress: progress) { [weak self] note in await self?.noted(id, note) }
    let task = Task { await self.work(job) }
    jobs[id] = RunningJob(
      task: task, progress: progress, entries: job.entries, start: item.bytes)
    tell(id)
  }

  func start(_ ids: [TransferItem.ID]) {
    let packet = Packet(
      ids.map { id in
        guard let item = state[id], let batch = state[item.batch] else { preconditionFailure("no such item") }
        return Job(item: item, batch: batch, progress: ByteProgress(from: 0)) { [weak self] note in
          await self?.noted(id, note)
        }
      })
    let task = Task { await self.work(packet) }
    for job in packet.jobs {
      jobs[job.item.id] = RunningJob(task: task, packet: packet, progress: job.progress, start: 0)
      tell(job.item.id)
    }
  }

  private func work(_ packet: Packet) async {
    let ids = packet.jobs.map(\.item.id)
    do {
      for id in ids {
        await untilCleared(id)
        await untilKept(id)
      }
      let claimed = try await journal.claim(ids)
      for id in ids where !claimed.contains(id) {
        packet.leaveOut(id)
        await lost(id)
      }
    } catch {
      return await finished(ids.map { ($0, .failed(.journal("\(error)"))) })
    }
    await runner.run(packet) { results in await self.finished(results) }
  }

  private func work(_ job: Job) async {
    let id = job.item.id
    var outcome: JobOutcome
    do {
      await untilCleared(id)
      await untilKept(id)
      guard try await journal.claim([id]).contains(id) else { return await lost(id) }
      if job.item.stage == .emptying, let held = JobOutcome(try await journal.rest(of: id), job.batch.operation) {
        return await finished(id, held)
      }
      switch await runner.run(job) {
      case .outcome(let known): outcome = known
      case .contents(let contents):
        await apply(state.makeRoom(after: id, for: contents.count))
        outcome = .expanded(try await journal.expand(expanded(job), into: placed(contents, in: id)))
      case .partly(let reason, let failed):
        await apply(state.makeRoom(after: id, for: failed.count))
        var tree = state[id] ?? job.item
        tree.state = .failed(TransferFailure(.item, reason))
        outcome = .partly(reason, try await journal.expand(tree, into: placed(failed, in: id)))
      }
    } catch let error as TransferError {
      outcome = .failed(error)
    } catch {
      outcome = .failed(.journal("\(error)"))
    }
    await finished(id, outcome)
  }

  /// What a folder is once its contents are known.
  private func expanded(_ job: Job) -> TransferItem {
    var folder = state[job.item.id] ?? job.item
    if job.batch.operation == .move {
      folder.stage = .emptying
      if folder.state != .paused { folder.state = .waiting }
    } else {
      folder.state = .done(.folder)
    }
    return folder
  }

  /// The contents of a folder in the folder's place in the queue.
  private func placed(_ contents: [NewItem], in folder: TransferItem.ID) -> [NewItem] {
    let positions = state.positions(after: folder, for: contents.count)
    let priority = state[folder]?.priority ?? .normal
    return zip(contents, positions).map { item, position in
      var item = item
      item.position = position
      item.priority = priority
      return item
    }
  }

  private func finished(_ id: TransferItem.ID, _ outcome: JobOutcome) async { await finished([(id, outcome)]) }

  /// What became of items, whose end is kept together.
  private func finished(_ results: [(id: TransferItem.ID, outcome: JobOutcome)]) async {
    var actions: [QueueAction] = []
    for (id, outcome) in results {
      guard let job = jobs.removeValue(forKey: id) else { continue }
      if case .done = outcome, !leftovers.isEmpty, let server = state[id].flatMap({ state[$0.batch]?.target.server }) {
        clearUp(server)
      }
      let bytes = job.progress.bytes
      moved += job.progress.moved - job.counted
      state.moved(id, to: bytes)
      if isStopping, outcome.isUnfinished {
        _ = state.finished(id, .failed(.cancelled))
      } else {
        let hasMoved = bytes > job.start || (job.entries?.done ?? 0) > 0
        actions += state.finished(id, outcome, moved: hasMoved)
      }
    }
    await apply(actions)
  }

  /// Another running copy has taken the item: it is that one's now.
  private func lost(_ id: TransferItem.ID) async {
    jobs[id] = nil
    if state[id]?.state == .running { tellTaken(id) }
    let actions = state.takenElsewhere(id)
    isChanged = true
    await apply(actions, isKept: true)
  }

  func noted(_ id: TransferItem.ID, _ note: ItemNote) async {
    let actions = state.noted(id, note)
    // The size and time of the source have to be kept where a part file may have to be compared with them.
    let isWorthKeeping = (state[id]?.size ?? .max) >= 1 << 20 || note.decides
    if isWorthKeeping { await apply(actions) } else { touch() }
  }
}
