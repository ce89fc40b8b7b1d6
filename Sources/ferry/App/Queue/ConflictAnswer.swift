/// What happens where the target of a transfer exists already.
enum ConflictAnswer: String, CaseIterable, Hashable, Sendable {
  case ask, overwrite, skip, rename, newer, resume

  /// As a button or a choice says it.
  var title: String {
    switch self {
    case .ask: "ask"
    case .overwrite: "overwrite"
    case .skip: "skip"
    case .rename: "rename"
    case .newer: "newer only"
    case .resume: "resume"
    }
  }
}
