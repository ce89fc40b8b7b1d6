/// What happens to the items of a batch, for whoever waits for its end.
package enum TransferEvent: Equatable, Sendable {
  /// A job has begun with an item.
  case started(QueueSnapshot.Row)
  /// An item waits for another attempt; why is in its `problem`.
  case postponed(QueueSnapshot.Row)
  /// An item waits for an answer.
  case needsYou(QueueSnapshot.Row)
  /// An item has come to its end: done, skipped, failed or cancelled.
  case finished(QueueSnapshot.Row)
  /// Nothing more will happen by itself; the last event.
  case batchFinished
}
