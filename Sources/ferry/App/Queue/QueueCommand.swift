import Transfers

/// What can be asked of the transfer queue.
enum QueueCommand: Hashable, Sendable {
  case pause(QueueSelection)
  case resume(QueueSelection)
  case cancel(QueueSelection)
  case retry(QueueSelection)
  /// Tells what hangs on items, for a question about them.
  case weigh(QueueSelection)
  /// Forgets items that are over.
  case remove(QueueSelection)
  /// Puts items before or behind others of their priority.
  case move(QueueSelection, QueueStep)
  /// Puts items beside another one that waits, or in front of everything.
  case place(QueueSelection, QueueAnchor)
  /// Raises priorities by one, or lowers them.
  case raise(QueueSelection, by: Int)
  case setPriority(QueueSelection, Priority)
  case retryFailed
  /// Forgets all items that are done, skipped or cancelled.
  case clearFinished
  case pauseAll
  case resumeAll
  /// Asks an item's question again: a person is ready to answer it now.
  case ask(Int64)
  /// An item's question is not to be answered now, nor are others of its order to be asked unasked.
  case postpone(Int64)
  /// The answer to an item's conflict.
  case answer(Int64, ConflictPolicy, AnswerScope)
  /// Compares the content of both sides of an item's conflict.
  case compare(Int64)
  /// What happens to existing files from now on, seen from an order.
  case setPolicy(order: Int64, ConflictPolicy, AnswerScope)
  /// Bytes a second of all transfers; nil: what the settings say for the time of day.
  case limit(SpeedChoice)
  /// The rows that the drawer wants to have.
  case look(QueueWindow)
}

/// What a person says about the speed of transfers.
enum SpeedChoice: Hashable, Sendable {
  /// What the settings say for the time of day.
  case schedule
  case unlimited
  /// Bytes a second.
  case rate(Double)
}
