import FTP
import Terminal

/// Draws what hangs on the pointer while rows are dragged: how many, and where they would go.
func drawDrag(_ state: AppState, _ theme: Theme, _ canvas: inout Canvas) {
  TransferDragView(state: state, theme: theme).drawWord(&canvas)
  guard let carry = state.drag.carry else { return }
  let entries = carry.load.entries
  let what =
    entries.count == 1 ? SafeText.excerpt(entries[0].name.bytes, limit: 24) : Count.entries(entries)
  let text: String
  if let target = carry.target {
    var place = state[target.side].place
    if let row = target.folderRow, let folder = state[target.side].entry(at: row) {
      place = place.appending(folder.name)
    }
    text = " \(carry.isMove ? "move " : "")\(what) → \(SafeText.escape(place.pathBytes(home: state.home))) "
  } else {
    text = " \(what): drop in the other pane "
  }
  let label = DisplayText(text).clipped(to: min(48, state.size.columns), at: .start)
  let x = max(0, min(carry.pointer.x + 2, state.size.columns - label.width))
  let y = carry.pointer.y + 1 < state.size.rows ? carry.pointer.y + 1 : carry.pointer.y - 1
  canvas.put(label, at: Point(x: x, y: max(0, y)), style: theme[carry.target == nil ? .dragRefused : .drag])
}
