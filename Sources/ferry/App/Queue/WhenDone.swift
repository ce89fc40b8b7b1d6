/// What happens when nothing is left to be transferred.
struct WhenDone: Hashable, Sendable {
  /// A word to the person: a notification of the desktop where the terminal can show one, and the bell.
  var notifies = true
  /// A command of the shell; empty: none.
  var command = ""
  /// Ferry ends.
  var quits = false

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
