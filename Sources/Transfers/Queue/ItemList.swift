import DequeModule

/// An item's place in a list: void once the item has moved on.
struct Ticket: Equatable {
  var item: TransferItem.ID
  /// The item's count of moves when it was put here.
  var serial: UInt32
  /// Where it stands among what waits; the lower goes first.
  var position = 0.0

  /// Items of one position go by their numbers.
  func isBefore(_ other: Ticket) -> Bool { (position, item) < (other.position, other.item) }
}

/// A list of items that lets go of them late: whoever left it is skipped when it is read, and swept out when too many
/// have left. All changes at the ends are of constant cost on average.
struct ItemList: Equatable {
  private(set) var tickets: Deque<Ticket> = []
  /// Items that are in it.
  private(set) var count = 0

  mutating func append(_ ticket: Ticket) {
    tickets.append(ticket)
    count += 1
  }

  /// Puts an item where its position says; all of the list are in such an order then.
  mutating func insert(_ ticket: Ticket) {
    count += 1
    if let last = tickets.last, ticket.isBefore(last) {
      tickets.insert(ticket, at: index(of: ticket))
    } else {
      tickets.append(ticket)
    }
  }

  /// One item has moved on; its ticket is void already.
  mutating func left(isValid: (Ticket) -> Bool) {
    count -= 1
    if tickets.count > 64, tickets.count > count * 2 { tickets.removeAll { !isValid($0) } }
  }

  /// The first item's ticket; void ones before it are dropped.
  mutating func first(isValid: (Ticket) -> Bool) -> Ticket? {
    while let ticket = tickets.first {
      if isValid(ticket) { return ticket }
      tickets.removeFirst()
    }
    return nil
  }

  /// The first item moves on; it was asked for with ``first(isValid:)``.
  mutating func removeFirst() {
    tickets.removeFirst()
    count -= 1
  }

  /// The nearest item before a place in a list that is in order.
  func last(before ticket: Ticket, isValid: (Ticket) -> Bool) -> Ticket? {
    tickets[..<index(of: ticket)].last(where: isValid)
  }

  /// The nearest item behind a place in a list that is in order.
  func first(after ticket: Ticket, isValid: (Ticket) -> Bool) -> Ticket? {
    tickets[index(of: ticket)...].first { ticket.isBefore($0) && isValid($0) }
  }

  /// A stretch of the items.
  func window(
    from offset: Int, count: Int, newestFirst: Bool = false, isValid: (Ticket) -> Bool
  ) -> [TransferItem.ID] {
    guard self.count > offset, count > 0 else { return [] }
    // Nobody has left: then the place of each is known.
    if tickets.count == self.count {
      let range = offset..<min(self.count, count == .max ? self.count : offset + count)
      return range.map { tickets[newestFirst ? self.count - 1 - $0 : $0].item }
    }
    var items: [TransferItem.ID] = []
    var skipped = 0
    func take(_ ticket: Ticket) -> Bool {
      guard isValid(ticket) else { return true }
      if skipped < offset { skipped += 1 } else { items.append(ticket.item) }
      return items.count < count
    }
    if newestFirst {
      for ticket in tickets.reversed() where !take(ticket) { break }
    } else {
      for ticket in tickets where !take(ticket) { break }
    }
    return items
  }

  /// The index of the first ticket that is not before this one.
  private func index(of ticket: Ticket) -> Int {
    var (low, high) = (tickets.startIndex, tickets.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if tickets[middle].isBefore(ticket) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// What waits for one place with one priority, in order.
struct Lane: Equatable {
  /// Which lane it is.
  struct Key: Hashable {
    /// The server that items need; nil for those that need none.
    var place: Place?
    /// A second one that they need, too.
    var farPlace: Place?
    var priority: Priority

    /// The servers that have to be reached.
    var places: [Place] { [place, farPlace].compactMap(\.self) }
  }

  var files = ItemList()
  var folders = ItemList()
}
