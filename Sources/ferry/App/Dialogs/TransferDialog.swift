import FTP
import SystemPackage
import Transfers

extension AppState {
  /// Asks where to copy or move the chosen rows, and what to do about conflicts.
  mutating func openTransfer(isMove: Bool) {
    let source = self[active]
    let entries = source.chosen
    guard !entries.isEmpty else {
      return say("There is nothing to \(isMove ? "move" : "copy") here: go to a row first.")
    }
    guard hasArrived(active.other) else { return }
    let target = self[active.other].place
    openTransfer(
      TransferOrder(
        source: source.place, entries: entries, target: target, isMove: isMove, onConflict: usualPolicy,
        verifies: usuallyVerifies, keepsPermissions: usuallyKeepsPermissions))
  }

  mutating func openTransfer(_ order: TransferOrder) {
    let verb = order.isMove ? "Move" : "Copy"
    let what =
      order.entries.count == 1
      ? "“\(SafeText.escape(order.entries[0].name.bytes))”" : Count.entries(order.entries)
    // Within this machine they are always kept.
    let isAway = order.source.server != nil || order.target.server != nil
    let permissions = FormField(
      "Permissions", options: ["as of anything new", "kept"], selected: order.keepsPermissions ? 1 : 0)
    let form = Form(
      verb,
      body: [
        .pair(verb, what + Self.size(of: order.entries)),
        .pair("from", shortPath(order.source), .text),
        .pair("to", order.target.server.map(\.description) ?? "this machine", .text),
      ],
      fields: [
        FormField("Folder", text: String(decoding: order.target.pathBytes, as: UTF8.self)),
        FormField(
          "If it exists", options: ConflictPolicy.choices.map(\.title),
          selected: ConflictPolicy.choices.firstIndex { $0.title == order.onConflict.title } ?? 0),
        FormField("Priority", options: Priority.allCases.map(\.title), selected: order.priority.rawValue),
        FormField("Prove", options: ["the length", "the content too"], selected: order.verifies ? 1 : 0),
      ] + (isAway ? [permissions] : []), buttons: [FormButton(verb), FormButton("Cancel")], width: 72)
    layers.append(.dialog(Dialog(.transfer(order), form)))
  }

  mutating func answeredTransfer(_ dialog: Dialog, _ result: Form.Result, _ order: TransferOrder) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    var order = order
    let policy = ConflictPolicy.choices[dialog.form.choice(1)]
    if policy.title != order.onConflict.title { order.onConflict = policy }
    order.priority = Priority(rawValue: dialog.form.choice(2)) ?? .normal
    order.verifies = dialog.form.choice(3) == 1
    if dialog.form.fields.count > 4 { order.keepsPermissions = dialog.form.choice(4) == 1 }
    let text = dialog.form.text(0)
    if text != String(decoding: order.target.pathBytes, as: UTF8.self) {
      guard !text.isEmpty, !text.utf8.contains(0) else {
        reopen(dialog, "Name the folder to \(order.isMove ? "move" : "copy") to.")
        return []
      }
      do {
        switch order.target {
        case .local(let folder): order.target = .local(localPath(text, from: folder))
        case .remote(let server, let folder): order.target = .remote(server, try folder.resolving(text.utf8))
        }
      } catch {
        reopen(dialog, Self.sentence(error))
        return []
      }
    }
    if case .table(let table) = order.onConflict {
      openRules(table, .order(order))
      return []
    }
    return enqueue(order)
  }

  /// Queues an order unless it cannot mean anything.
  mutating func enqueue(_ order: TransferOrder) -> [Effect] {
    if order.source == order.target, order.newName == nil {
      say("Source and target are the same folder: show another one in the other pane.", isError: true)
      return []
    }
    for entry in order.entries where entry.isFolder && order.target.isWithin(order.source.appending(entry.name)) {
      say("A folder cannot go into itself: choose a target outside of it.", isError: true)
      return []
    }
    for side in Side.allCases where self[side].place == order.source { self[side].marks = [] }
    drawer.tab = .queue
    return [.enqueue(order)]
  }

  private static func size(of entries: [Entry]) -> String {
    let sizes = entries.compactMap { $0.isFolder ? nil : $0.size }
    return sizes.count == entries.count ? " (\(ByteText.long(TreeCount.sum(sizes))))" : ""
  }
}
