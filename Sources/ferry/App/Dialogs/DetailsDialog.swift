import FTP
import Transfers

extension AppState {
  /// Shows all there is to know of a transfer, and lets its rules be changed.
  mutating func openDetails(_ row: QueueRow) {
    var body: [FormLine] = [
      .pair(row.verb, SafeText.escape(row.name)),
      .pair(row.work == nil ? "from" : "path", row.source.map(fullPath) ?? SafeText.escape(row.from), .text),
    ]
    if row.work == nil { body.append(.pair("to", row.target.map(fullPath) ?? SafeText.escape(row.to), .text)) }
    body.append(.blank)
    let (state, emphasis) = Self.describe(row)
    body.append(.pair("State", state, emphasis))
    // Where it needs you, its state says why.
    if row.part != .needsYou, !row.outcome.isEmpty {
      body.append(.pair(row.state == .done ? "Proof" : "Reason", row.outcome, .text))
    }
    if !row.way.isEmpty { body.append(.pair("Way", row.way, .text)) }
    if row.work == nil { body.append(.pair("Bytes", Self.amount(row), .text)) }
    if row.attempts > 0 {
      body.append(.pair("Failed", Count.of(row.attempts, "attempt", "attempts") + " in a row", .text))
    }
    var fields: [FormField] = []
    if !row.isOver {
      fields = [
        FormField("Priority", options: Priority.allCases.map(\.title), selected: row.priority.rawValue)
      ]
    }
    if !row.isOver, row.work == nil {
      fields += [
        FormField(
          "If it exists", options: ConflictPolicy.choices.map(\.title),
          selected: ConflictPolicy.choices.firstIndex { $0.title == row.policy.title } ?? 0),
        FormField("Also for", options: Self.scopeTitles(row.direction).dropFirst().map { $0 }),
      ]
    }
    let buttons = row.isOver ? [FormButton("OK", "o")] : [FormButton("OK", "o"), FormButton("Cancel", "c")]
    var form = Form("Transfer", body: body, fields: fields, buttons: buttons, width: 72)
    form.focus = fields.count
    layers.append(.dialog(Dialog(.details(row), form)))
  }

  mutating func answeredDetails(_ dialog: Dialog, _ result: Form.Result, _ row: QueueRow) -> [Effect] {
    guard result == .pressed(0), !row.isOver else { return [] }
    var effects: [Effect] = []
    let priority = Priority(rawValue: dialog.form.choice(0)) ?? .normal
    if priority != row.priority { effects.append(.queue(.setPriority(.items([row.id]), priority))) }
    guard row.work == nil else { return effects }
    let policy = ConflictPolicy.choices[dialog.form.choice(1)]
    // The scopes begin with the order here.
    let scope = AnswerScope.allCases[dialog.form.choice(2) + 1]
    guard policy.title != row.policy.title || scope != .batch else { return effects }
    if case .table(let usual) = policy {
      if case .table(let table) = row.policy {
        openRules(table, .policy(order: row.order, scope))
      } else {
        openRules(usual, .policy(order: row.order, scope))
      }
    } else {
      effects.append(.queue(.setPolicy(order: row.order, policy, scope)))
    }
    return effects
  }

  private func fullPath(_ place: Place) -> String {
    let path = SafeText.escape(place.pathBytes)
    return place.server.map { "\($0)\(path)" } ?? path
  }

  private static func describe(_ row: QueueRow) -> (String, FormLine.Emphasis) {
    switch row.state {
    case .waiting: ("waiting for its turn", .text)
    case .running: ("running", .good)
    case .paused: ("paused", .text)
    case .retrying(let reason): ("tried again soon: \(reason.asClause)", .warning)
    case .needsYou(let text): ("needs you: \((row.outcome.isEmpty ? text : row.outcome).asClause)", .warning)
    case .failed(let reason): ("failed: \(reason.asClause)", .warning)
    case .done: ("done", .good)
    case .skipped: ("left out", .text)
    case .cancelled: ("cancelled", .text)
    }
  }

  private static func amount(_ row: QueueRow) -> String {
    let total = row.bytesTotal.map { "\(ByteText.exact($0))" } ?? "an unknown number"
    if row.state == .done { return total }
    return "\(ByteText.exact(row.bytesDone)) of \(total)"
  }
}

extension QueueRow {
  fileprivate var verb: String {
    switch work {
    case .delete: "Delete"
    case .permissions: "Permissions"
    case nil: isMove ? "Move" : "Copy"
    }
  }
}
