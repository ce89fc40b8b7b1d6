/// What happens when nothing is left to be transferred.
struct WhenDone: Hashable, Sendable {
  /// A word to the person: a notification of the desktop where the terminal can show one, and the bell.
  var notifies = true
  /// A command of the shell; empty: none.
  var command = ""
  /// Ferry ends.
  var quits = false

  /// What a person should not forget while they wait; nil where nothing but a word is to come.
  var hint: String? {
    switch (command.isEmpty, quits) {
    case (true, false): nil
    case (true, true): "then quits"
    case (false, false): "then a command"
    case (false, true): "then a command, and quits"
    }
  }

  /// What a command is told in its environment.
  struct Facts: Hashable, Sendable {
    var done: Int
    var failed: Int
    var needsYou: Int

    /// For people.
    var text: String {
      var parts = ["\(done) done"]
      if failed > 0 { parts.append("\(failed) failed") }
      if needsYou > 0 { parts.append("\(needsYou) waiting for an answer") }
      return parts.joined(separator: ", ")
    }
  }
}
