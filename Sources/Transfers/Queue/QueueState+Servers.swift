package import FTP

extension QueueState {
  /// Whether something is done with a server, as whoever it may be, or will be when its turn comes. What waits for another
  /// attempt counts when that is made.
  func needs(_ server: ServerAddress) -> Bool {
    func isConcerned(_ place: Place) -> Bool { place.server?.isSameServer(as: server) ?? false }
    let isAtWork = working.contains { id in
      entries[id].flatMap { batches[$0.item.batch] }?.batch.servers.contains(where: isConcerned) ?? false
    }
    if isAtWork || isPaused { return isAtWork }
    return lanes.contains { key, lane in
      lane.files.count + lane.folders.count > 0 && key.places.contains(where: isConcerned) && !waitsForPerson(key)
    }
  }

  private func waitsForPerson(_ lane: Lane.Key) -> Bool {
    lane.places.contains { if case .closed = gates[$0] { true } else { false } }
  }
}

extension TransferQueue {
  /// Whether something is done with a server, as whoever it may be, or will be when its turn comes.
  package func needs(_ server: ServerAddress) -> Bool { state.needs(server) }
}
