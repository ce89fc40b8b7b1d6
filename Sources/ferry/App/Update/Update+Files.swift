import FTP
import Terminal

extension AppState {
  /// The rows of a file the viewer shows at a time: all but its two bars.
  var viewerHeight: Int { max(1, size.rows - 2) }

  mutating func openViewer(_ side: Side) -> [Effect] {
    guard let entry = self[side].current else { return [] }
    guard !entry.isFolder else { return openCurrent(side) }
    guard entry.kind != .special else {
      say("This is a device, a pipe or a socket: it has no content to view.", isError: true)
      return []
    }
    let ticket = nextTicket()
    let file = self[side].place.appending(entry.name)
    layers.append(.viewer(Viewer(file: file, size: entry.kind == .file ? entry.size : nil, ticket: ticket)))
    return [.read(file, offset: 0, count: Viewer.step, ticket: ticket)]
  }

  /// Changes the viewer that reads under a ticket, and reads on where its end is near.
  mutating func withViewer(_ ticket: Int, _ change: (inout Viewer) -> Void) -> [Effect] {
    for index in layers.indices {
      guard case .viewer(var viewer) = layers[index], viewer.ticket == ticket else { continue }
      change(&viewer)
      defer { layers[index] = .viewer(viewer) }
      guard viewer.wantsMore(height: viewerHeight) else { return [] }
      viewer.isReading = true
      return [.read(viewer.file, offset: Int64(viewer.bytes.count), count: Viewer.step, ticket: ticket)]
    }
    return []
  }

  mutating func openEditor() -> [Effect] {
    let pane = self[active]
    guard let entry = pane.current else { return [] }
    guard entry.kind == .file || entry.kind == .link else {
      say("Only files can be edited.", isError: true)
      return []
    }
    if !pane.place.isLocal { say("Fetching \(SafeText.escape(entry.name.bytes)) to edit it…") }
    return [.prepareEdit(pane.place.appending(entry.name), entry)]
  }

  mutating func edited(_ task: EditTask, failure: String?) -> [Effect] {
    notice = nil
    if let failure { tell("That did not work", failure, tone: .normal) }
    let refresh = task.file.parent.map { lookAgain(at: $0) } ?? []
    // A copy whose editor failed may still hold somebody's work: it is sent back if it changed.
    return (task.file.isLocal ? [] : [.finishEdit(task)]) + refresh
  }
}
