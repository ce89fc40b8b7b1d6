import FTP

/// Part files of what is given up.
extension TransferQueue {
  /// - Parameter forgets: the item leaves the journal, once what it may have left is gone.
  func discard(_ item: TransferItem, _ batch: TransferBatch, forgets: Bool = false) {
    lastAlarm += 1
    let number = lastAlarm
    let task = Task {
      switch await runner.discardPart(of: item, in: batch, { await self.stillOver($0) }) {
      case .gone: await discarded(item, forgets: forgets)
      case .kept: break
      case .left:
        // What cannot be removed now is tried again when the server is reached, or by the next process.
        guard let server = batch.target.server else { break }
        leftovers[server, default: []].append(Leftover(item: item, batch: batch, forgets: forgets))
      }
      clearances[number] = nil
    }
    clearances[number] = Clearance(items: [item.id], task: task)
  }

  /// A server can be reached: part files that are left there are removed.
  func clearUp(_ server: ServerAddress) {
    guard !isStopping, let left = leftovers.removeValue(forKey: server) else { return }
    lastAlarm += 1
    let number = lastAlarm
    let task = Task {
      let ends = await runner.discardParts(of: left, on: server) { await self.stillOver($0) }
      for leftover in left where ends[leftover.item.id] == .gone {
        await discarded(leftover.item, forgets: leftover.forgets)
      }
      let rest = left.filter { ends[$0.item.id] == nil }
      if !rest.isEmpty { leftovers[server, default: []] += rest }
      clearances[number] = nil
    }
    clearances[number] = Clearance(items: Set(left.map(\.item.id)), task: task)
  }

  /// What is tried again needs its part file.
  func keepPart(of id: TransferItem.ID) {
    for server in leftovers.keys { leftovers[server]?.removeAll { $0.item.id == id } }
  }

  /// Waits until nothing is being removed any more that a new attempt at the item would write.
  func untilCleared(_ id: TransferItem.ID) async {
    for clearance in clearances.values where clearance.items.contains(id) { await clearance.task.value }
  }

  /// Those of some items that nobody has taken up again, neither here nor, by what the journal says now, elsewhere.
  private func stillOver(_ ids: [TransferItem.ID]) async -> Set<TransferItem.ID>? {
    let over = ids.filter { id in state[id].map { $0.state.isFinal && !$0.state.hasFailed } ?? true }
    // While the journal cannot be written it does not know that they are over; nor does it give them to others.
    let untold = over.filter(isUntold)
    let told = over.filter { !untold.contains($0) }
    do {
      let left = told.isEmpty ? [] : try await journal.stillLeft(told)
      let taken = untold.isEmpty ? [] : try await journal.takenElsewhere(untold)
      return left.union(Set(untold).subtracting(taken))
    } catch {
      return nil
    }
  }

  private func isUntold(_ id: TransferItem.ID) -> Bool {
    unsaved.contains(id) || beingSaved.contains(id)
      || overdue.contains { if case .leaving(let items) = $0 { items.contains { $0.id == id } } else { false } }
  }
}
