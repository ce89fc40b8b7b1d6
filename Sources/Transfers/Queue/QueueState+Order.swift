/// Where items are put among those that wait with the same priority.
package enum QueueStep: Hashable, Sendable, CaseIterable {
  case up, down, top, bottom
}

extension QueueState {
  /// Waiting and paused items are to run before or after others.
  ///
  /// Those of one priority move together, in their order.
  package mutating func moved(_ ids: [TransferItem.ID], _ step: QueueStep) -> [QueueAction] {
    var changed: [TransferItem.ID] = []
    let moving = ids.filter { entries[$0]?.shelf.isInOrder == true }
    for priority in Priority.descending {
      let block = moving.filter { entries[$0]?.item.priority == priority }
      if !block.isEmpty { changed += move(block, step, priority) }
    }
    return changed.isEmpty ? [] : [.ranked(changed)] + fill()
  }

  /// Items get another priority; those that are over keep theirs.
  package mutating func prioritized(_ ids: [TransferItem.ID], _ priority: Priority) -> [QueueAction] {
    var changed: [TransferItem.ID] = []
    for id in inOrder(ids) {
      guard let item = entries[id]?.item, !item.state.isFinal || item.state.hasFailed, item.priority != priority else {
        continue
      }
      setRank(id, priority, item.position)
      changed.append(id)
    }
    return changed.isEmpty ? [] : [.ranked(changed)] + fill()
  }

  /// Another process has changed the order; what is not here, or over, is passed over.
  package mutating func reranked(_ ranks: [ItemRank]) -> [QueueAction] {
    for rank in ranks where entries[rank.id] != nil { setRank(rank.id, rank.priority, rank.position) }
    return fill()
  }

  /// The nearest waiting item behind a place.
  func next(after ticket: Ticket, priority: Priority) -> Ticket? {
    waitingLists(priority).compactMap { $0.first(after: ticket, isValid: isValid) }.min { $0.isBefore($1) }
  }

  private func previous(before ticket: Ticket, priority: Priority) -> Ticket? {
    waitingLists(priority).compactMap { $0.last(before: ticket, isValid: isValid) }.max { $0.isBefore($1) }
  }

  // MARK: Moving

  private mutating func move(
    _ ids: [TransferItem.ID], _ step: QueueStep, _ priority: Priority
  ) -> [TransferItem.ID] {
    let block = inOrder(ids)
    let members = Set(block)
    func isOther(_ ticket: Ticket) -> Bool { isValid(ticket) && !members.contains(ticket.item) }
    func last(before ticket: Ticket) -> Ticket? {
      waitingLists(priority).compactMap { $0.last(before: ticket, isValid: isOther) }.max { $0.isBefore($1) }
    }
    func first(after ticket: Ticket) -> Ticket? {
      waitingLists(priority).compactMap { $0.first(after: ticket, isValid: isOther) }.min { $0.isBefore($1) }
    }
    let (head, tail) = (ticket(block[0]), ticket(block[block.count - 1]))
    let beginning = Ticket(item: TransferItem.ID(.min), serial: 0, position: -.infinity)
    let end = Ticket(item: TransferItem.ID(.max), serial: 0, position: .infinity)
    let neighbours: (before: Ticket?, after: Ticket?)
    switch step {
    case .up:
      guard let after = last(before: head) else { return [] }
      neighbours = (last(before: after), after)
    case .down:
      guard let before = first(after: tail) else { return [] }
      neighbours = (before, first(after: before))
    case .top: neighbours = (nil, first(after: beginning))
    case .bottom: neighbours = (last(before: end), nil)
    }
    guard let gap = gap(between: neighbours.before, neighbours.after, for: block.count) else { return [] }
    guard gap.fits else {
      let renumbered = renumber(priority)
      return renumbered + move(block, step, priority).filter { !renumbered.contains($0) }
    }
    for (index, id) in block.enumerated() { setRank(id, priority, gap[index]) }
    return block
  }

  /// Nil where there is nothing on either side.
  func gap(between before: Ticket?, _ after: Ticket?, for count: Int) -> PositionGap? {
    switch (before, after) {
    case (let before?, let after?): PositionGap(lower: before.position, upper: after.position, count: count)
    case (nil, let after?):
      PositionGap(lower: after.position - Double(count) - 1, upper: after.position, count: count)
    case (_?, nil): PositionGap(lower: lastPosition, upper: lastPosition + Double(count) + 1, count: count)
    case (nil, nil): nil
    }
  }

  /// Makes room for the contents of a folder, if need be by numbering all of its priority anew.
  package mutating func makeRoom(after id: TransferItem.ID, for count: Int) -> [QueueAction] {
    guard let priority = entries[id]?.item.priority, !PositionGap(after: id, for: count, in: self).fits else {
      return []
    }
    return [.ranked(renumber(priority))]
  }

  /// Positions for the contents of a folder: in its place.
  package func positions(after id: TransferItem.ID, for count: Int) -> [Double] {
    guard entries[id] != nil else { return Array(repeating: TransferItem.behindAll, count: count) }
    let gap = PositionGap(after: id, for: count, in: self)
    return (0..<count).map { gap[$0] }
  }

  mutating func renumber(_ priority: Priority) -> [TransferItem.ID] {
    let ids = inOrder(entries.filter { $0.value.item.priority == priority && !$0.value.item.state.isDone }.map(\.key))
    for (index, id) in ids.enumerated() { setRank(id, priority, Double(index + 1)) }
    return ids
  }

  mutating func setRank(_ id: TransferItem.ID, _ priority: Priority, _ position: Double) {
    guard let shelf = entries[id]?.shelf else { return }
    lastPosition = max(lastPosition, position)
    guard shelf.isInOrder else {
      entries[id]?.item.priority = priority
      entries[id]?.item.position = position
      return
    }
    take(id)
    entries[id]?.item.priority = priority
    entries[id]?.item.position = position
    put(id, on: shelf)
  }

  func inOrder(_ ids: [TransferItem.ID]) -> [TransferItem.ID] {
    ids.filter { entries[$0] != nil }.map(ticket).sorted { $0.isBefore($1) }.map(\.item)
  }
}

/// Where an item stands, as the journal has it.
package struct ItemRank: Hashable, Sendable {
  package var id: TransferItem.ID
  package var priority: Priority
  package var position: Double

  package init(_ id: TransferItem.ID, _ priority: Priority, _ position: Double) {
    self.id = id
    self.priority = priority
    self.position = position
  }
}
