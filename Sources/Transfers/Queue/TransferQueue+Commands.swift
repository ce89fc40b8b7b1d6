package import FTP
package import SystemPackage

/// What persons ask of the queue. Each change is kept when its call returns.
extension TransferQueue {
  package func pause(_ ids: [TransferItem.ID]) async { await apply(state.paused(ids)) }
  package func resume(_ ids: [TransferItem.ID]) async {
    await letGo(of: ids)
    await apply(state.resumed(ids))
  }
  package func cancel(_ ids: [TransferItem.ID]) async {
    await letGo(of: ids)
    await apply(state.cancelled(ids))
  }
  package func move(_ ids: [TransferItem.ID], _ step: QueueStep) async { await apply(state.moved(ids, step)) }
  package func setPriority(_ priority: Priority, of ids: [TransferItem.ID]) async {
    await apply(state.prioritized(ids, priority))
  }

  /// Raises priorities by one, or lowers them; each from its own.
  package func raise(_ ids: [TransferItem.ID], by steps: Int) async {
    let byPriority = Dictionary(grouping: ids) { state[$0]?.priority ?? .normal }
    // Those that would meet are not taken twice.
    for (priority, ids) in byPriority.sorted(by: { ($0.key < $1.key) == (steps < 0) }) {
      await apply(state.prioritized(ids, priority.moved(by: steps)))
    }
  }

  package func retry(_ ids: [TransferItem.ID]) async {
    await letGo(of: ids)
    await apply(state.retried(ids))
  }

  package func retryFailed() async { await retry(state.failedItems) }

  /// The items of a batch that are in the queue, whatever their state.
  package func items(of batch: TransferBatch.ID) -> [TransferItem.ID] { state.items(of: batch) }

  /// All items of a tab, in its order.
  package func items(in tab: QueueTab) -> [TransferItem.ID] { state.ids(tab, from: 0, count: .max) }
  package func remove(_ ids: [TransferItem.ID]) async {
    await letGo(of: ids)
    await apply(state.removed(ids))
  }

  /// Takes all that is done, skipped or cancelled off the list.
  package func clearFinished() async {
    await apply(state.clearedFinished())
    await keep(.clearing)
  }

  /// Those files of this machine, of some, that are the source of something unfinished.
  package func awaited(_ paths: [FilePath]) -> Set<FilePath> { state.awaited(Set(paths)) }

  /// Answers a question about an existing target.
  ///
  /// - Parameter scope: for which other items it holds, too, now and later.
  package func answer(_ id: TransferItem.ID, _ answer: ConflictPolicy, for scope: AnswerScope = .item) async {
    await letGo(of: scope == .item ? [id] : items(in: .needsYou))
    await apply(state.answered(id, answer, for: scope))
  }

  /// Compares what an item would bring with what stands at its target.
  ///
  /// - Returns: nil for an item that is there no more.
  /// - Throws: ``TransferError``.
  package func compare(_ id: TransferItem.ID) async throws -> ContentComparison? {
    guard let item = state[id], let batch = state[item.batch] else { return nil }
    do { return try await runner.compare(item, in: batch) } catch { throw TransferError(error) }
  }

  /// Says what happens from now on where a target exists.
  package func setPolicy(
    _ policy: ConflictPolicy, of batch: TransferBatch.ID, for scope: AnswerScope = .batch
  ) async {
    await letGo(of: items(in: .needsYou))
    await apply(state.policyChanged(batch, policy, for: scope))
  }

  /// The password is known now, or the server is worth another try: what waits for that goes on.
  package func serverReady(_ server: ServerAddress) async {
    clearUp(server)
    await letGo(of: items(in: .needsYou))
    await apply(state.serverReady(.remote(server)))
  }
}
