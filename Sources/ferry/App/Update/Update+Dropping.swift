import FTP

extension AppState {
  /// What the pointer takes up with a row: all marked rows if it is one of them, else that one; nil for `..`.
  func load(_ side: Side, row: Int) -> DragState.Load? {
    guard let entry = self[side].entry(at: row) else { return nil }
    let entries = self[side].marks.contains(entry.name) ? self[side].markedEntries : [entry]
    return DragState.Load(side: side, place: self[side].place, entries: entries)
  }

  /// Queues what was carried, as far as it is still there.
  mutating func drop(_ load: DragState.Load, on target: DragState.Target, isMove: Bool) -> [Effect] {
    guard hasArrived(target.side) else { return [] }
    guard self[load.side].place == load.place else {
      say("The \(load.side) pane shows another folder by now, so nothing was dropped.", isError: true)
      return []
    }
    var order = TransferOrder(
      source: load.place, entries: present(load), target: self[target.side].place, isMove: isMove,
      onConflict: usualPolicy, verifies: usuallyVerifies, keepsPermissions: usuallyKeepsPermissions)
    if let row = target.folderRow, let folder = self[target.side].entry(at: row) {
      order.target = order.target.appending(folder.name)
    }
    let missing = load.names.count - order.entries.count
    if missing > 0 {
      let what = Count.of(missing, "item", "items")
      say("\(what) of what you dropped \(missing == 1 ? "is" : "are") not in the folder any more.", isError: true)
    }
    return order.entries.isEmpty ? [] : enqueue(order)
  }

  /// The rows of a load under the same names, as the pane has them now; each name once, whatever a server lists.
  private func present(_ load: DragState.Load) -> [Entry] {
    let pane = self[load.side]
    var missing = load.names
    let present = pane.entries(named: missing).filter { missing.remove($0.name) != nil }
    // Only part of the folder may have been read again.
    guard !missing.isEmpty, case .listing(load.place, _) = pane.activity else { return present }
    return present + load.entries.filter { missing.remove($0.name) != nil }
  }
}
