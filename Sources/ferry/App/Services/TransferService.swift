/// The transfer queue. What it is doing comes through the inbox (`AppEvent.queueChanged`), as do its questions.
protocol TransferService: Sendable {
  /// Takes an order into the journal. Returns before anything is transferred.
  func enqueue(_ order: TransferOrder) async throws
  func run(_ command: QueueCommand) async throws
}
