package import FTP

extension QueueState {
  /// Whether something is done with a server, as whoever it may be, or will be: when its turn comes, when the pause before
  /// another attempt is over, when the queue or the item goes on that was paused. What has failed, or waits for an answer,
  /// counts no more.
  func needs(_ server: ServerAddress) -> Bool {
    let concerned = Set(
      order.filter { id in
        batches[id]?.batch.servers.contains { $0.server?.isSameServer(as: server) ?? false } ?? false
      })
    func isConcerned(_ id: TransferItem.ID) -> Bool { entries[id].map { concerned.contains($0.item.batch) } ?? false }
    if concerned.isEmpty { return false }
    if working.contains(where: isConcerned) { return true }
    let inLanes = lanes.contains { key, lane in
      lane.files.count + lane.folders.count > 0
        && key.places.contains { $0.server?.isSameServer(as: server) ?? false } && !waitsForPerson(key.places)
    }
    return inLanes
      || parked.values.contains { list in
        list.tickets.contains { isConcerned($0.item) && isValid($0) && goesOn($0.item) }
      }
  }

  /// Whether an item that is put aside goes on without an answer about something. A folder that is emptied waits for what
  /// is in it, which counts itself.
  private func goesOn(_ id: TransferItem.ID) -> Bool {
    guard let item = entries[id]?.item, !isEmptying(item), !isHeld(item) else { return false }
    return !waitsForPerson(batches[item.batch]?.batch.servers ?? [])
  }

  private func waitsForPerson(_ places: [Place]) -> Bool {
    places.contains { if case .closed = gates[$0] { true } else { false } }
  }
}

extension TransferQueue {
  /// Whether something is done with a server, as whoever it may be, or will be without an answer from anybody.
  package func needs(_ server: ServerAddress) -> Bool { state.needs(server) }
}
