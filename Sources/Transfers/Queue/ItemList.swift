import DequeModule

/// An item's place in a list: void once the item has moved on.
struct Ticket: Equatable {
  var item: TransferItem.ID
  /// The item's count of moves when it was put here.
  var serial: UInt32
}

/// A list of items that lets go of them late: whoever left it is skipped when it is read, and swept out when too many
/// have left. All changes are of constant cost on average.
struct ItemList: Equatable {
  private(set) var tickets: Deque<Ticket> = []
  /// Items that are in it.
  private(set) var count = 0

  mutating func append(_ ticket: Ticket) {
    tickets.append(ticket)
    count += 1
  }

  /// Puts items before all others, in their order.
  mutating func prepend(_ tickets: [Ticket]) {
    self.tickets.prepend(contentsOf: tickets)
    count += tickets.count
  }

  /// One item has moved on; its ticket is void already.
  mutating func left(isValid: (Ticket) -> Bool) {
    count -= 1
    if tickets.count > 64, tickets.count > count * 2 { tickets.removeAll { !isValid($0) } }
  }

  /// The first item, which moves on now.
  mutating func popFirst(isValid: (Ticket) -> Bool) -> TransferItem.ID? {
    while let ticket = tickets.popFirst() {
      guard isValid(ticket) else { continue }
      count -= 1
      return ticket.item
    }
    return nil
  }

  /// A stretch of the items.
  func window(
    from offset: Int, count: Int, newestFirst: Bool = false, isValid: (Ticket) -> Bool
  ) -> [TransferItem.ID] {
    var items: [TransferItem.ID] = []
    var skipped = 0
    func take(_ ticket: Ticket) -> Bool {
      guard isValid(ticket) else { return true }
      if skipped < offset { skipped += 1 } else { items.append(ticket.item) }
      return items.count < count
    }
    if count > 0 {
      if newestFirst {
        for ticket in tickets.reversed() where !take(ticket) { break }
      } else {
        for ticket in tickets where !take(ticket) { break }
      }
    }
    return items
  }
}
