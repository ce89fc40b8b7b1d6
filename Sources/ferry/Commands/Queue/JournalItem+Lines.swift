import FTP
import Storage
import Transfers

extension JournalItem: Record {
  /// "12  waiting  /www/index.html -> /home/ada/index.html (4.2 KiB)"
  var line: String {
    var line = "\(id)  \(word)  "
    switch entry.operation {
    case .copy, .move: line += "\(Self.text(entry.source)) -> \(Self.text(entry.destination))"
    case .delete: line += "delete \(Self.text(entry.source))"
    case .setPermissions: line += "permissions \(Self.text(entry.source))"
    }
    if let size = entry.size { line += " (\(Amount.size(size)))" }
    if let priority, priority != .normal { line += ", \(priority.title)" }
    if let reason { line += ": \(reason)" }
    if state == .cancelled, partName != nil { line += ": its partial file is still to be removed" }
    return line
  }

  var json: JSONObject {
    var object = JSONObject()
    object.add("number", id)
    object.add("order", batch)
    object.add("state", word)
    object.add("kind", entry.kind == .folder ? "folder" : "file")
    object.add("operation", operation)
    object.add("sourceServer", entry.source.server.map { "\($0)" })
    object.add("source", bytes: entry.source.path)
    object.add("targetServer", entry.destination.server.map { "\($0)" })
    object.add("target", bytes: entry.destination.path)
    object.add("size", entry.size)
    object.add("bytes", bytesDone)
    object.add("priority", priority?.title)
    object.add("attempts", Int64(attempts))
    object.add("reason", reason)
    return object
  }

  private var operation: String {
    switch entry.operation {
    case .copy: "copy"
    case .move: "move"
    case .delete: "delete"
    case .setPermissions: "permissions"
    }
  }

  private var priority: Priority? { Priority(rawValue: entry.priority) }

  private var word: String {
    switch state {
    case .waiting: "waiting"
    case .running: "running"
    case .paused: "paused"
    case .needsYou: "needs-you"
    case .failed: "failed"
    case .done: "done"
    case .skipped: "skipped"
    case .cancelled: "cancelled"
    }
  }

  /// Why it failed, was left out, or is tried again.
  private var reason: String? {
    guard let detail, !detail.isEmpty else { return nil }
    switch state {
    case .failed: return TransferFailure(journaled: detail).reason
    case .skipped, .waiting: return detail
    case .running, .paused, .needsYou, .done, .cancelled: return nil
    }
  }

  private static func text(_ place: JournalEntry.Place) -> String {
    let path = SafeText.escape(place.path)
    return place.server.map { "\($0)\(path)" } ?? path
  }
}
