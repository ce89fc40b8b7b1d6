import FTP
import Transfers

/// An item of the queue whose target exists already.
struct ConflictQuestion: Hashable, Sendable {
  /// One of the two files.
  struct Version: Hashable, Sendable {
    var size: Int64?
    var modified: Timestamp?
  }

  /// The queue's number of the item.
  var item: Int64
  var name: [UInt8]
  /// The folder that it comes from.
  var from: [UInt8] = []
  /// The folder at the target.
  var target: [UInt8]
  var direction = QueueRow.Direction.across
  var source: Version
  var existing: Version
}
