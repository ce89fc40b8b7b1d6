/// Where a person puts items, seen from another one that waits.
package enum QueueAnchor: Hashable, Sendable {
  case before(TransferItem.ID)
  case after(TransferItem.ID)
  /// In front of everything, with the highest priority.
  case first

  var item: TransferItem.ID? {
    switch self {
    case .before(let id), .after(let id): id
    case .first: nil
    }
  }
}

extension QueueState {
  /// Waiting and paused items are put right before or behind another one, and get its priority. They stay together, in
  /// their order.
  package mutating func placed(_ ids: [TransferItem.ID], _ anchor: QueueAnchor) -> [QueueAction] {
    let block = inOrder(ids.filter { entries[$0]?.shelf.isInOrder == true })
    guard !block.isEmpty else { return [] }
    let changed = place(block, anchor)
    return changed.isEmpty ? [] : [.ranked(changed)] + fill()
  }

  private mutating func place(_ block: [TransferItem.ID], _ anchor: QueueAnchor) -> [TransferItem.ID] {
    let members = Set(block)
    if let id = anchor.item {
      // What is put beside itself stays, and so it does where the other one does not wait any more.
      guard !members.contains(id), entries[id]?.shelf.isInOrder == true else { return [] }
    }
    let priority = anchor.item.flatMap { entries[$0]?.item.priority } ?? .highest
    func isOther(_ ticket: Ticket) -> Bool { isValid(ticket) && !members.contains(ticket.item) }
    func last(before ticket: Ticket) -> Ticket? {
      waitingLists(priority).compactMap { $0.last(before: ticket, isValid: isOther) }.max { $0.isBefore($1) }
    }
    func first(after ticket: Ticket) -> Ticket? {
      waitingLists(priority).compactMap { $0.first(after: ticket, isValid: isOther) }.min { $0.isBefore($1) }
    }
    let neighbours: (before: Ticket?, after: Ticket?)
    switch anchor {
    case .before(let id): neighbours = (last(before: ticket(id)), ticket(id))
    case .after(let id): neighbours = (ticket(id), first(after: ticket(id)))
    case .first: neighbours = (nil, first(after: Ticket(item: TransferItem.ID(.min), serial: 0, position: -.infinity)))
    }
    // Where nothing else has the highest priority, any position is the first one.
    let lone = PositionGap(lower: lastPosition, upper: lastPosition + Double(block.count) + 1, count: block.count)
    let gap = gap(between: neighbours.before, neighbours.after, for: block.count) ?? lone
    guard gap.fits else {
      let renumbered = renumber(priority)
      return renumbered + place(block, anchor).filter { !renumbered.contains($0) }
    }
    for (index, id) in block.enumerated() { setRank(id, priority, gap[index]) }
    return block
  }
}

extension TransferQueue {
  /// Puts items where a person wants them among those that wait. What is over, or asks, is tried again there.
  package func place(_ ids: [TransferItem.ID], _ anchor: QueueAnchor) async {
    let isOver = ids.filter { id in
      switch state[id]?.state {
      case .failed, .skipped, .cancelled, .needsYou: true
      case .waiting, .running, .paused, .done, nil: false
      }
    }
    if !isOver.isEmpty { await retry(isOver) }
    await apply(state.placed(ids, anchor))
  }
}
