import FTP
import Transfers

extension AppState {
  // MARK: Giving up

  /// Asks whether transfers are to be given up; Enter by habit keeps them.
  mutating func openCancel(_ selection: QueueSelection, rows: [QueueRow], losing: [QueueRow]) -> [Effect] {
    var body: [FormLine] = []
    var effects: [Effect] = []
    if rows.count == 1, case .items = selection {
      body.append(.text("Cancel “\(SafeText.escape(rows[0].name))”?"))
      let isPartial = !losing.isEmpty && !rows[0].isFolder
      body += Self.loss(QueueWeight(partialFiles: isPartial ? 1 : 0, partialBytes: rows[0].bytesDone))
    } else {
      body.append(.text(Self.cancelQuestion(selection)))
      effects = [.queue(.weigh(selection))]
    }
    let form = Form(
      "Cancel", tone: .danger, body: body, buttons: [FormButton("Cancel it", "c"), FormButton("Go on", "g")],
      focusedButton: 1)
    layers.append(.dialog(Dialog(.cancelTransfers(selection), form)))
    return effects
  }

  /// What would be cancelled is counted.
  mutating func weighed(_ selection: QueueSelection, _ weight: QueueWeight) {
    for index in layers.indices {
      guard case .dialog(var dialog) = layers[index], dialog.purpose == .cancelTransfers(selection) else { continue }
      let count = "That is \(Count.of(weight.items, "transfer", "transfers"))."
      dialog.form.body = [.text(Self.cancelQuestion(selection)), .text(count, .faint)] + Self.loss(weight)
      layers[index] = .dialog(dialog)
    }
  }

  private static func loss(_ weight: QueueWeight) -> [FormLine] {
    guard weight.partialFiles > 0 else { return [] }
    let files = Count.of(weight.partialFiles, "partial file", "partial files")
    return [.text("This removes \(files) (\(ByteText.long(weight.partialBytes))) from the target.", .warning)]
  }

  mutating func answeredCancel(_ result: Form.Result, _ selection: QueueSelection) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    drawer.marked = nil
    return [.queue(.cancel(selection))]
  }

  private static func cancelQuestion(_ selection: QueueSelection) -> String {
    switch selection {
    case .items(let ids): "Cancel \(Count.of(ids.count, "transfer", "transfers"))?"
    case .order: "Cancel everything that was queued together?"
    case .part(.all): "Cancel the whole queue?"
    case .part(let part): "Cancel everything under “\(part.title)”?"
    }
  }

  // MARK: Speed

  mutating func openLimit() {
    let now = drawer.queue.limit.map { "at most \(ByteText.speed($0))" } ?? "without a limit"
    var rate = ""
    if case .rate(let chosen) = speedChoice { rate = RateText.short(chosen) }
    let selected =
      switch speedChoice {
      case .schedule: 0
      case .unlimited: 1
      case .rate: 2
      }
    var form = Form(
      "Speed limit",
      body: [
        .text("All transfers together run \(now).", .faint)
      ] + (speedSchedule == SpeedSchedule() ? [] : [.text("The settings say: \(speedSchedule.text).", .faint)]),
      fields: [
        FormField("Keep to", options: ["the settings", "no limit", "this limit:"], selected: selected),
        FormField("Bytes a second", text: rate, hint: "500K, 2M, 1.5M"),
      ], buttons: [FormButton("OK"), FormButton("Cancel")], width: 60)
    form.focus = 1
    layers.append(.dialog(Dialog(.limit, form)))
  }

  mutating func answeredLimit(_ dialog: Dialog, _ result: Form.Result) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    switch dialog.form.choice(0) {
    case 0: speedChoice = .schedule
    case 1: speedChoice = .unlimited
    default:
      guard let rate = RateText.bytesPerSecond(dialog.form.text(1)) else {
        reopen(dialog, "Write a number of bytes a second, from 1K, such as 500K or 2M.", focus: 1)
        return []
      }
      speedChoice = .rate(rate)
    }
    return [.queue(.limit(speedChoice))]
  }

  // MARK: The end

  mutating func openWhenDone() {
    let form = Form(
      "When the queue is done",
      fields: [
        FormField("Tell me", options: ["yes", "no"], selected: whenDone.notifies ? 0 : 1),
        FormField("Run", text: whenDone.command, hint: "a command of the shell"),
        FormField("Then", options: ["stay", "quit Ferry"], selected: whenDone.quits ? 1 : 0),
      ], buttons: [FormButton("OK"), FormButton("Cancel")], width: 60)
    layers.append(.dialog(Dialog(.whenDone, form)))
  }

  mutating func answeredWhenDone(_ dialog: Dialog, _ result: Form.Result) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    whenDone = WhenDone(
      notifies: dialog.form.choice(0) == 0, command: dialog.form.text(1), quits: dialog.form.choice(2) == 1)
    return []
  }
}

extension Dialog {
  /// Whoever types a rate means it.
  mutating func noteRate(from old: Dialog) {
    guard case .limit = purpose, form.text(1) != old.form.text(1), !form.text(1).isEmpty else { return }
    form.fields[0].choose(2)
  }
}
