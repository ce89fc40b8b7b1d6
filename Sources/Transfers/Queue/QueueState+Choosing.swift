extension QueueState {
  /// Takes the item whose turn it is off its list: of the highest priority, and of those the one that stands first,
  /// unless its server cannot be reached just now.
  mutating func takeReady() -> TransferItem.ID? {
    for priority in Priority.descending {
      var best: (lane: Lane.Key, ticket: Ticket, isFolder: Bool)?
      for lane in lanes.keys where lane.priority == priority && isOpen(lane.place) && isOpen(lane.farPlace) {
        guard let choice = first(of: lane) else { continue }
        if best.map({ choice.ticket.isBefore($0.ticket) }) ?? true { best = (lane, choice.ticket, choice.isFolder) }
      }
      guard let best else { continue }
      if best.isFolder { lanes[best.lane]?.folders.removeFirst() } else { lanes[best.lane]?.files.removeFirst() }
      let id = best.ticket.item
      let shelf: Shelf = best.isFolder ? .readyFolder : .readyFile
      shelfCounts[shelf.rawValue] -= 1
      byteSums[shelf.rawValue] -= Int128(entries[id]?.item.size ?? 0)
      entries[id]?.serial &+= 1
      for place in best.lane.places { passGate(place, id) }
      return id
    }
    return nil
  }

  /// What would run first of a lane. Folders go before the files of their own batch as long as few files wait, so that
  /// all that is to come is known soon.
  private mutating func first(of lane: Lane.Key) -> (ticket: Ticket, isFolder: Bool)? {
    guard var lists = lanes[lane], lists.files.count + lists.folders.count > 0 else { return nil }
    // Without a copy of the lists, which are taken out meanwhile.
    lanes[lane] = Lane()
    let file = lists.files.first { isValid($0) }
    let folder = lists.folders.first { isValid($0) }
    lanes[lane] = lists
    guard let folder else { return file.map { ($0, false) } }
    guard let file else { return (folder, true) }
    let isOfOneBatch = entries[file.item]?.item.batch == entries[folder.item]?.item.batch
    let hasFilesAhead = lists.files.count >= Self.filesAhead
    let goesFirst = !hasFilesAhead && (isOfOneBatch || folder.isBefore(file))
    return goesFirst ? (folder, true) : (file, false)
  }
}
