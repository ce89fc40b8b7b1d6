import SystemPackage

/// The transfer queue. What it is doing comes through the inbox (`AppEvent.queueChanged`), as do its questions.
protocol TransferService: Sendable {
  /// Takes an order into the journal. Returns before anything is transferred.
  func enqueue(_ order: TransferOrder) async throws
  func run(_ command: QueueCommand) async throws
  /// Replaces a file on a server by a local one, and returns when that is proved. Until then the file there is the old
  /// one, whole. Throws a `Complaint` where it came to nothing.
  func replace(_ file: Place, with path: FilePath) async throws
}
