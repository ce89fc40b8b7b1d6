/// What can be asked of the transfer queue.
enum QueueCommand: Hashable, Sendable {
  case pause([Int64])
  case resume([Int64])
  case cancel([Int64])
  case retry([Int64])
  /// Forgets items that are over.
  case remove([Int64])
  /// Asks an item's question again: a person is ready to answer it now.
  case ask(Int64)
  /// Forgets all items that are done, skipped or failed for good.
  case clearFinished
  case pauseAll
  case resumeAll
  /// An item's question is not to be answered now, nor are others of its order to be asked unasked.
  case postpone(Int64)
  /// The answer to an item's conflict; `forAll` for every later conflict of the same order too.
  case answer(Int64, ConflictAnswer, forAll: Bool)
}
