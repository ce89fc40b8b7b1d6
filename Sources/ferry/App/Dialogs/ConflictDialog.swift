import FTP
import Transfers

extension AppState {
  static let conflictAnswers: [ConflictPolicy] = [
    .overwrite, .skip, .rename, .newer, .size, .resume, .table(.newerOrDifferentSize),
  ]

  /// Where nobody asked for the question just now, Enter puts it off: it may have been meant for something else.
  mutating func openConflict(_ question: ConflictQuestion) {
    let (new, there) = (question.source, question.existing)
    var body: [FormLine] = [.pair("File", SafeText.escape(question.name)), .blank]
    if !question.from.isEmpty { body.append(.pair("From", SafeText.escape(question.from), .text)) }
    body += [
      .pair("New", describe(new), isNewer(new, than: there) ? .good : .text),
      .pair("To", SafeText.escape(question.target), .text),
      .pair("There", describe(there), isNewer(there, than: new) ? .good : .text),
      .pair("So", compare(new, there), .faint),
    ]
    var form = Form(
      "Already there", body: body,
      fields: [
        FormField("Do", options: Self.conflictAnswers.map(\.title)),
        FormField("Also for", options: Self.scopeTitles(question.direction)),
      ], buttons: [FormButton("OK", "o"), FormButton("Not now", "n"), FormButton("Compare content", "c")], width: 70)
    form.focus = invitedItem == question.item ? 0 : 3
    invitedItem = nil
    layers.append(.dialog(Dialog(.conflict(question), form)))
  }

  mutating func answeredConflict(_ dialog: Dialog, _ result: Form.Result, _ question: ConflictQuestion) -> [Effect] {
    if result == .pressed(2) {
      layers.append(.dialog(dialog))
      compared(question.item, "being compared…", isSame: nil)
      return [.queue(.compare(question.item))]
    }
    guard result == .pressed(0) else { return [.queue(.postpone(question.item))] }
    let scope = AnswerScope.allCases[dialog.form.choice(1)]
    let answer = Self.conflictAnswers[dialog.form.choice(0)]
    if case .table(let table) = answer {
      openRules(table, .answer(question.item, scope))
      return []
    }
    return [.queue(.answer(question.item, answer, scope))]
  }

  /// The content of both sides is known, or why it is not.
  mutating func compared(_ item: Int64, _ text: String, isSame: Bool?) {
    for index in layers.indices {
      guard case .dialog(var dialog) = layers[index], case .conflict(let question) = dialog.purpose,
        question.item == item
      else { continue }
      dialog.form.body.removeAll { if case .pair("Content", _, _) = $0 { true } else { false } }
      dialog.form.body.append(.pair("Content", text, isSame == nil ? .faint : isSame == true ? .good : .warning))
      layers[index] = .dialog(dialog)
    }
  }

  /// In the order of `AnswerScope`.
  static func scopeTitles(_ direction: QueueRow.Direction) -> [String] {
    let way =
      switch direction {
      case .upload: "all uploads"
      case .download: "all downloads"
      case .across: "all going this way"
      }
    return ["this one", "its order", way, "everything"]
  }

  private func describe(_ version: ConflictQuestion.Version) -> String {
    let size = version.size.map { "\(ByteText.long($0)) (\(ByteText.exact($0)) bytes)" } ?? "size unknown"
    let time = version.modified.map { ", " + DateText.full($0, zone) } ?? ", time unknown"
    return size + time
  }

  private func isNewer(_ a: ConflictQuestion.Version, than b: ConflictQuestion.Version) -> Bool {
    guard let first = a.modified, let second = b.modified else { return false }
    return first.seconds > second.seconds
  }

  /// "the new one is newer and 103 bytes larger"
  private func compare(_ new: ConflictQuestion.Version, _ there: ConflictQuestion.Version) -> String {
    var parts: [String] = []
    if let first = new.modified, let second = there.modified {
      parts.append(first.seconds > second.seconds ? "newer" : first.seconds < second.seconds ? "older" : "as old")
    }
    if let first = new.size, let second = there.size {
      let difference = ByteText.exact(first > second ? first - second : second - first)
      parts.append(first == second ? "as large" : "\(difference) bytes \(first > second ? "larger" : "smaller")")
    }
    return parts.isEmpty ? "nothing is known of both to compare" : "the new one is " + parts.joined(separator: " and ")
  }
}
