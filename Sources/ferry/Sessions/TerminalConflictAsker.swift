import FTP
import Transfers

/// Asks about an existing file at the terminal of a headless command.
struct TerminalConflictAsker {
  /// What a person has decided.
  struct Answer: Equatable {
    var policy: ConflictPolicy
    var scope: AnswerScope
  }

  private static let words: [(word: String, policy: ConflictPolicy)] = [
    ("overwrite", .overwrite), ("skip", .skip), ("rename", .rename), ("newer", .newer), ("size", .size),
    ("resume", .resume),
  ]

  /// - Returns: nil where there is no terminal, or no more input.
  func ask(_ row: QueueSnapshot.Row, _ conflict: Conflict) async -> Answer? {
    await ControllingTerminal.converse { terminal -> Answer? in
      terminal.say(Self.text(row, conflict))
      while true {
        guard let line = terminal.answer(to: Self.prompt) else { return nil }
        if let answer = Self.answer(line) { return answer }
        terminal.say("Please type one of the words, or its letter; with “all” behind it, it holds for all.\n")
      }
    } ?? nil
  }

  private static let prompt =
    "[o]verwrite, [s]kip, [r]ename, [n]ewer only, si[z]e differs, resume [c], each also for “all” (s): "

  /// What a typed line answers; nil for one that has to be asked again. An empty line skips the file.
  static func answer(_ line: [UInt8]) -> Answer? {
    var words = String(decoding: line, as: UTF8.self).lowercased().split(separator: " ")
    var scope = AnswerScope.item
    if words.last == "all" {
      words.removeLast()
      scope = .all
      // "all" alone says nothing about what.
      if words.isEmpty { return nil }
    }
    guard words.count <= 1 else { return nil }
    let word = words.first.map(String.init) ?? "skip"
    let letters: [String: ConflictPolicy] = [
      "o": .overwrite, "s": .skip, "r": .rename, "n": .newer, "z": .size, "c": .resume,
    ]
    guard let policy = letters[word] ?? Self.words.first(where: { $0.word == word })?.policy else { return nil }
    return Answer(policy: policy, scope: scope)
  }

  private static func text(_ row: QueueSnapshot.Row, _ conflict: Conflict) -> String {
    """

    \(SafeText.escape(row.target.path)) exists already.
      New    \(describe(conflict.source))
      There  \(describe(conflict.target))

    """
  }

  private static func describe(_ facts: FileFacts) -> String {
    let size = facts.size.map { "\($0) bytes" } ?? "unknown size"
    let time = facts.modified.map { "\($0.minuteText)" + ($0.isUTC ? " UTC" : " (server's clock)") } ?? "unknown time"
    return "\(size), \(time)"
  }
}
