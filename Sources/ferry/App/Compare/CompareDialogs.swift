import FTP
import Terminal
import Transfers

extension AppState {
  /// Compares the folders of both panes.
  mutating func openCompare() -> [Effect] {
    let (left, right) = (self[.left].place, self[.right].place)
    guard hasArrived(.left), hasArrived(.right) else { return [] }
    guard left != right else { return complainOfOneFolder() }
    let ticket = nextTicket()
    layers.append(.compare(CompareOverlay(left: left, right: right, ticket: ticket)))
    return [.compare(left, right, .time, ticket: ticket)]
  }

  private mutating func complainOfOneFolder() -> [Effect] {
    say("Both panes show the same folder: there is nothing to compare.", isError: true)
    return []
  }

  mutating func perform(_ step: CompareOverlay.Step) -> [Effect] {
    guard case .compare(var overlay) = layers.last else { return [] }
    switch step {
    case .stay: return []
    case .close:
      layers.removeLast()
      return [.cancelCompare]
    case .compare(let comparison):
      let ticket = nextTicket()
      overlay.compare(comparison, ticket: ticket)
      layers[layers.count - 1] = .compare(overlay)
      return [.compare(overlay.left, overlay.right, comparison, ticket: ticket)]
    case .start:
      askToSynchronize(overlay)
      return []
    }
  }

  private mutating func askToSynchronize(_ overlay: CompareOverlay) {
    let tally = overlay.tally
    guard tally.toRight + tally.toLeft + tally.deleted > 0 || overlay.rows?.contains(where: \.isPending) == true else {
      return tell("Synchronise", "There is nothing to do.")
    }
    var body: [FormLine] = [
      .pair("To the right", Count.files(tally.toRight)), .pair("To the left", Count.files(tally.toLeft)),
      .pair("Together", ByteText.long(tally.copied.bytes)),
    ]
    for (action, side) in [(SyncRow.Action.deleteLeft, "on the left"), (.deleteRight, "on the right")] {
      let count = overlay.rows?.count { $0.action == action } ?? 0
      guard count > 0 else { continue }
      body.append(.text("\(Count.of(count, "item", "items")) will be deleted \(side).", .warning))
    }
    if tally.open > 0 {
      body.append(.text("\(Count.of(tally.open, "row", "rows")) undecided, which stay as they are.", .faint))
    }
    let form = Form(
      "Synchronise", tone: tally.deleted > 0 ? .danger : .normal, body: body,
      buttons: [FormButton("Start", "s"), FormButton("Cancel", "c")], focusedButton: tally.deleted > 0 ? 1 : 0)
    layers.append(.dialog(Dialog(.synchronize(overlay.rows ?? [], left: overlay.left, right: overlay.right), form)))
  }

  mutating func answeredSynchronize(_ result: Form.Result, _ rows: [SyncRow], _ left: Place, _ right: Place) -> [Effect]
  {
    guard result == .pressed(0) else { return [] }
    layers.removeAll { if case .compare = $0 { true } else { false } }
    return [.synchronize(rows, left, right)]
  }

  mutating func received(_ ticket: Int, _ rows: [SyncRow]) {
    withCompare(ticket) { $0.received(rows, height: $1) }
  }

  mutating func compareFailed(_ ticket: Int, _ reason: String) {
    withCompare(ticket) { overlay, _ in overlay.failed(reason) }
  }

  private mutating func withCompare(_ ticket: Int, _ body: (inout CompareOverlay, Int) -> Void) {
    for (index, layer) in layers.enumerated() {
      guard case .compare(var overlay) = layer, overlay.ticket == ticket else { continue }
      body(&overlay, CompareLayout(on: size).list.height)
      layers[index] = .compare(overlay)
    }
  }
}

extension SyncRow {
  /// Something is to be done.
  var isPending: Bool {
    switch action {
    case .copyLeft, .copyRight, .deleteLeft, .deleteRight: true
    case .conflict, .equal, .leave: false
    }
  }
}
