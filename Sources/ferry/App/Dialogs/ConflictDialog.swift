import FTP

extension AppState {
  /// Where nobody asked for the question just now, Enter puts it off: it may have been meant for something else.
  mutating func openConflict(_ question: ConflictQuestion) {
    var form = Form(
      "Already there",
      body: [
        .pair("Name", SafeText.escape(question.name)),
        .pair("In", SafeText.escape(question.target), .text),
        .blank,
        .pair("New", describe(question.source), newer(question.source, question.existing) ? .good : .text),
        .pair("There", describe(question.existing), newer(question.existing, question.source) ? .good : .text),
      ],
      fields: [
        FormField("Do", options: question.answers.map(\.title)),
        FormField("Also for", options: ["this one", "all of this order"]),
      ], buttons: [FormButton("OK", "o"), FormButton("Later", "l")], width: 66)
    form.focus = invitedItem == question.item ? 0 : 3
    invitedItem = nil
    layers.append(.dialog(Dialog(.conflict(question), form)))
  }

  mutating func answeredConflict(_ dialog: Dialog, _ result: Form.Result, _ question: ConflictQuestion) -> [Effect] {
    guard result == .pressed(0) else { return [.queue(.postpone(question.item))] }
    let answer = question.answers[dialog.form.choice(0)]
    return [.queue(.answer(question.item, answer, forAll: dialog.form.choice(1) == 1))]
  }

  private func describe(_ version: ConflictQuestion.Version) -> String {
    let size = version.size.map { "\(ByteText.long($0)) (\(ByteText.exact($0)) bytes)" } ?? "size unknown"
    let time = version.modified.map { ", " + DateText.full($0, zone) } ?? ""
    return size + time
  }

  private func newer(_ a: ConflictQuestion.Version, _ b: ConflictQuestion.Version) -> Bool {
    guard let first = a.modified, let second = b.modified else { return false }
    return first.seconds > second.seconds
  }
}
