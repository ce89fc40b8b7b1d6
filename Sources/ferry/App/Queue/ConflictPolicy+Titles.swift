import Transfers

extension ConflictPolicy {
  /// What the transfer dialog offers; the last one opens the table.
  static let choices: [ConflictPolicy] = [
    .ask, .overwrite, .newer, .size, .resume, .rename, .skip, .table(.newerOrDifferentSize),
  ]

  /// As a button or a choice says it.
  var title: String {
    switch self {
    case .ask: "ask"
    case .overwrite: "overwrite"
    case .skip: "skip"
    case .rename: "rename"
    case .newer: "newer only"
    case .size: "other size"
    case .resume: "resume"
    case .table: "by age and size…"
    }
  }

  /// A few words about what it does.
  var explanation: String {
    switch self {
    case .ask: "The file waits under “needs you”; the others go on."
    case .overwrite: "What is there is replaced."
    case .skip: "What is there stays."
    case .rename: "Both are kept; the new one gets a number."
    case .newer: "Replaced where the new one is newer, else left."
    case .size: "Replaced where the sizes differ, else left."
    case .resume: "The rest is added to what is there."
    case .table: "A rule for each age and size."
    }
  }
}

extension ConflictTable.Action {
  var title: String {
    switch self {
    case .ask: "ask"
    case .overwrite: "overwrite"
    case .resume: "resume"
    case .rename: "rename"
    case .skip: "skip"
    }
  }
}

extension ConflictTable.Age {
  var title: String {
    switch self {
    case .newer: "newer"
    case .same: "as old"
    case .older: "older"
    }
  }
}

extension ConflictTable.Size {
  var title: String {
    switch self {
    case .larger: "larger"
    case .same: "same size"
    case .smaller: "smaller"
    }
  }
}

extension Priority {
  var title: String {
    switch self {
    case .lowest: "lowest"
    case .low: "low"
    case .normal: "normal"
    case .high: "high"
    case .highest: "highest"
    }
  }

  /// In a row of the queue; empty for the usual one.
  var sign: String {
    switch self {
    case .lowest: "▼▼"
    case .low: "▼"
    case .normal: ""
    case .high: "▲"
    case .highest: "▲▲"
    }
  }
}
