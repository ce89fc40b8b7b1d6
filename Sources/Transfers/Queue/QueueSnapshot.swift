package import FTP

/// What the queue looks like at one moment: enough to draw it, and of bounded size however long the queue is.
package struct QueueSnapshot: Equatable, Sendable {
  /// One item, as it is drawn.
  package struct Row: Equatable, Sendable, Identifiable {
    package let id: TransferItem.ID
    package var batch: TransferBatch.ID
    package var kind: TransferItem.Kind
    package var direction: TransferBatch.Direction
    package var operation: TransferRequest.Operation
    /// The name at the source: bytes, not safe for a terminal as they are.
    package var name: FileName
    package var source: Location
    package var target: Location
    package var state: ItemState
    /// Of an item that waits for another attempt: why the last one failed.
    package var problem: String?
    /// Bytes of the source, where they are known.
    package var size: Int64?
    /// Bytes that are over there.
    package var bytes: Int64
    package var priority = Priority.normal
    /// Attempts that failed in a row without moving a byte.
    package var attempts = 0
    /// What happens where its target exists.
    package var policy = ConflictPolicy.ask
    /// Of a file between two servers that may exchange it directly: how it goes, or went.
    package var way: RelayWay?
    /// What a person should know of it, however it ends, as a sentence.
    package var remark: String?
    /// Of a tree that is being worked on where it is: files and folders that are done, and that are known of.
    package var entriesDone = 0
    package var entriesFound = 0
    /// Of a running item: bytes a second, smoothed.
    package var bytesPerSecond: Double = 0
    /// Of a running item of known size: the time it will take yet.
    package var secondsLeft: Double?
  }

  /// Items by tab.
  package struct Counts: Equatable, Sendable {
    package var running = 0
    /// Paused ones are among them.
    package var waiting = 0
    package var needsYou = 0
    package var failed = 0
    /// Done, skipped and cancelled.
    package var finished = 0

    package subscript(tab: QueueTab) -> Int {
      switch tab {
      case .running: running
      case .waiting: waiting
      case .needsYou: needsYou
      case .failed: failed
      case .finished: finished
      }
    }
  }

  package var counts = Counts()
  /// The first rows of each tab, at most ``rowLimit``; more with ``TransferQueue/rows(_:from:count:)``.
  package var rows: [QueueTab: [Row]] = [:]
  /// Nothing new begins.
  package var isPaused = false
  /// Why the journal cannot be kept just now, as a sentence for people.
  package var problem: String?
  /// Bytes that are still to be moved, as far as sizes are known.
  package var bytesLeft: Int64 = 0
  /// Of all running items together, smoothed.
  package var bytesPerSecond: Double = 0
  /// The time that all of it will take yet; nil while nothing moves.
  package var secondsLeft: Double?

  package init() {}

  /// Rows of a tab that a snapshot holds.
  package static let rowLimit = 200

  package subscript(tab: QueueTab) -> [Row] { rows[tab] ?? [] }
}

/// The parts of the queue that are listed by themselves.
package enum QueueTab: CaseIterable, Hashable, Sendable {
  case running
  /// In the order in which they will run.
  case waiting
  case needsYou, failed
  /// The last ones first.
  case finished
}
