import FTP
import Transfers

/// A row of a comparison, for people and for scripts.
struct SyncReport {
  let row: SyncRow

  init(_ row: SyncRow) { self.row = row }

  private var name: String { SafeText.escape(row.pathBytes) + (row.isFolder ? "/" : "") }

  var line: String {
    let sign =
      switch row.action {
      case .copyRight: "->"
      case .copyLeft: "<-"
      case .deleteRight, .deleteLeft: "x "
      case .conflict: "! "
      case .equal: "= "
      case .leave: "- "
      }
    return "\(sign) \(name)" + (row.reason.isEmpty ? "" : "  (\(row.reason))")
  }

  var json: JSONObject {
    var object = JSONObject()
    object.add("action", row.action.rawValue)
    object.add("kind", row.isFolder ? "folder" : "file")
    object.add("path", bytes: row.pathBytes)
    object.add("reason", row.reason)
    object.add("left_size", row.left?.size)
    object.add("right_size", row.right?.size)
    object.add("left_time", row.left?.modified.map { "\($0)" })
    object.add("right_time", row.right?.modified.map { "\($0)" })
    return object
  }

  func tell(_ output: Output) {
    // What is equal is for scripts; people want to see what is to be done.
    if output.isJSON { output.object(json) } else if row.action != .equal { output.line(line) }
  }

  func complain(_ output: Output) { output.problem(Headless.sentence("\(name): \(row.reason)")) }
}
