import Transfers

/// What a table of rules is asked for.
enum RulesUse: Equatable, Sendable {
  /// A transfer that is about to be queued.
  case order(TransferOrder)
  /// The answer to an item's conflict.
  case answer(Int64, AnswerScope)
  /// What happens from now on in an order of the queue.
  case policy(order: Int64, AnswerScope)
}

extension AppState {
  /// Asks for a rule for each age and size of a new file against the one that is there.
  mutating func openRules(_ table: ConflictTable, _ use: RulesUse) {
    let actions = ConflictTable.Action.allCases
    let fields = ConflictTable.Age.allCases.flatMap { age in
      ConflictTable.Size.allCases.map { size in
        FormField(
          "\(age.title), \(size.title)", options: actions.map(\.title),
          selected: actions.firstIndex(of: table[age, size]) ?? 0)
      }
    }
    let form = Form(
      "If the file exists", body: [.text("What is done where the new file is …", .faint)], fields: fields,
      buttons: [FormButton("OK"), FormButton("Cancel")], width: 72)
    layers.append(.dialog(Dialog(.rules(use), form)))
  }

  mutating func answeredRules(_ dialog: Dialog, _ result: Form.Result, _ use: RulesUse) -> [Effect] {
    guard result == .pressed(0) else {
      if case .answer(let item, _) = use { return [.queue(.postpone(item))] }
      return []
    }
    var table = ConflictTable()
    var field = 0
    for age in ConflictTable.Age.allCases {
      for size in ConflictTable.Size.allCases {
        table[age, size] = ConflictTable.Action.allCases[dialog.form.choice(field)]
        field += 1
      }
    }
    switch use {
    case .order(var order):
      order.onConflict = .table(table)
      return enqueue(order)
    case .answer(let item, let scope): return [.queue(.answer(item, .table(table), scope))]
    case .policy(let order, let scope): return [.queue(.setPolicy(order: order, .table(table), scope))]
    }
  }
}
