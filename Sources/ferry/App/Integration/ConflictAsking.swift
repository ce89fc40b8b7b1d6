import Transfers

/// Which of the queue's questions are put to the person unasked: one at a time, and none of an order any more in which
/// one was put off.
struct ConflictAsking {
  enum Step: Equatable {
    case ask(QueueSnapshot.Row, Transfers.Question)
    /// A question that was asked is none any more.
    case settled(Int64)
  }

  private var asked: QueueSnapshot.Row?
  /// Questions that were put already, and not answered.
  private var seen: Set<TransferItem.ID> = []
  private var postponedBatches: Set<TransferBatch.ID> = []

  /// Takes the items that wait for an answer now.
  mutating func received(_ rows: [QueueSnapshot.Row]) -> [Step] {
    var steps: [Step] = []
    let waiting = Set(rows.map(\.id))
    if let row = asked, !waiting.contains(row.id) {
      steps.append(.settled(row.id.rawValue))
      asked = nil
    }
    seen.formIntersection(waiting)
    guard asked == nil else { return steps }
    for row in rows where !seen.contains(row.id) && !postponedBatches.contains(row.batch) {
      guard case .needsYou(let question) = row.state, question.isAskedUnasked else { continue }
      seen.insert(row.id)
      if case .conflict = question { asked = row }
      steps.append(.ask(row, question))
      break
    }
    return steps
  }

  /// The person does not want to answer now.
  mutating func postponed(_ id: Int64) {
    guard let row = asked, row.id.rawValue == id else { return }
    postponedBatches.insert(row.batch)
    asked = nil
  }
}

extension Transfers.Question {
  /// A server that cannot be reached and a full disk are no questions that an answer settles.
  fileprivate var isAskedUnasked: Bool {
    switch self {
    case .conflict, .credentials: true
    case .server, .volume: false
    }
  }
}
