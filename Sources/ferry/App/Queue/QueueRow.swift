import Transfers

/// One item of the transfer queue as it is shown.
struct QueueRow: Hashable, Sendable, Identifiable {
  enum Direction: Hashable, Sendable {
    case upload, download
    /// From one local folder to another, or between two servers.
    case across
  }

  enum State: Hashable, Sendable {
    case waiting, running, paused
    /// Waits for another attempt; why the last one failed.
    case retrying(String)
    /// Waits for an answer; the text says what about.
    case needsYou(String)
    case failed(String)
    /// Complete.
    case done
    /// Left out, by a rule or by an answer.
    case skipped
    /// A person did not want it any more.
    case cancelled
  }

  /// What is done to a tree where it is.
  enum Work: Hashable, Sendable {
    case delete, permissions

    var verb: String {
      switch self {
      case .delete: "delete"
      case .permissions: "permissions"
      }
    }
  }

  let id: Int64
  /// What was queued with it.
  var order: Int64 = 0
  var direction: Direction
  /// The name as bytes.
  var name: [UInt8]
  /// The folders, shortened for showing.
  var from: [UInt8]
  var to: [UInt8]
  var state: State
  var bytesDone: Int64 = 0
  /// Nil while unknown.
  var bytesTotal: Int64?
  /// Bytes a second; nil unless running.
  var speed: Double?
  /// Nil unless running with a known total.
  var secondsLeft: Int?
  var priority = Priority.normal
  /// What happens where its target exists.
  var policy = ConflictPolicy.ask
  /// Attempts that failed in a row.
  var attempts = 0
  var isMove = false
  /// What is done to it where it is; nil where it is transferred.
  var work: Work?
  /// Files and folders of a tree that are done, and that are known of.
  var entriesDone = 0
  var entriesFound = 0
  /// The whole ways, for the details.
  var source: Place?
  var target: Place?
  /// Of a finished row: what was proved. Of a running one: why it is doing again what it has done.
  var remark: String?
  /// Of a file between two servers that may exchange it directly: how it goes, as a sentence.
  var way = ""
  /// How it was proved to be complete, or why it was left out: a sentence.
  var outcome = ""

  /// 0...1; nil while the total is unknown.
  var fraction: Double? {
    guard let bytesTotal else { return nil }
    return bytesTotal == 0 ? 1 : min(1, Double(bytesDone) / Double(bytesTotal))
  }

  /// Whether a person who cancels it loses what has been transferred.
  var wouldLoseBytes: Bool {
    switch state {
    case .running, .waiting, .paused, .retrying, .needsYou, .failed: bytesDone > 0
    case .done, .skipped, .cancelled: false
    }
  }

  var isFolder: Bool { name.last == UInt8(ascii: "/") }

  /// The part of the queue that it is listed in.
  var part: QueueFilter {
    switch state {
    case .waiting, .paused, .retrying: .waiting
    case .running: .running
    case .needsYou: .needsYou
    case .failed: .failed
    case .done, .skipped, .cancelled: .done
    }
  }

  var isOver: Bool { part == .done }
}
