/// Positions for items between two that wait.
struct PositionGap: Equatable {
  private var lower: Double
  private var upper: Double
  private var count: Int

  /// Whether each of them is another number, with some left for further ones.
  var fits: Bool { (upper - lower) / Double(count + 1) > max(abs(upper), abs(lower), 1) * Double.ulpOfOne * 4 }

  subscript(index: Int) -> Double { lower + (upper - lower) * Double(index + 1) / Double(count + 1) }

  init(lower: Double, upper: Double, count: Int) {
    self.lower = lower
    self.upper = upper
    self.count = count
  }

  /// The room right behind an item, whatever its state.
  init(after id: TransferItem.ID, for count: Int, in state: QueueState) {
    let ticket = state.ticket(id)
    let next = state.next(after: ticket, priority: state[id]?.priority ?? .normal)
    // Behind all others they stand one apart, as what is queued there does.
    self.init(
      lower: ticket.position, upper: next?.position ?? max(state.lastPosition, ticket.position) + Double(count) + 1,
      count: count)
    if next == nil { lower = max(state.lastPosition, ticket.position) }
  }
}
