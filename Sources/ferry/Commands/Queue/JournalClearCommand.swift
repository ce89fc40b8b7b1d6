import ArgumentParser
import FTP
import Storage
import Transfers

/// `ferry queue clear`
struct JournalClearCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear", abstract: "Forget transfers that are done, left out or cancelled.",
    discussion: """
      What is cancelled, or has failed and is cleared, leaves no partial files: those on this machine are removed at once, \
      those on servers as soon as Ferry is connected there, also by ferry queue run. Of a server that is gone for good \
      they are forgotten with --forget-parts.
      """)

  @Flag(help: "Forget failed ones, too, and remove their partial files.")
  var failed = false

  @Flag(
    help: """
      Forget partial files that are still to be removed on servers, without removing them; says where each may be yet.
      """)
  var forgetParts = false

  @Flag(help: "Print JSON, one object a line.")
  var json = false

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let journal = try JournalCommand.journal(output)
      var states: Set<JournalItem.State> = [.done, .skipped, .cancelled]
      if command.failed { states.insert(.failed) }
      let clearing = JournalClearing(journal, disk: LocalDisk(files: PosixFiles(umask: ProcessHygiene.personsUmask)))
      if command.failed { _ = try clearing.giveUpFailed() }
      var parts = try await clearing.removeParts()
      let forgotten = command.forgetParts ? try clearing.forgetParts() : []
      for part in forgotten {
        guard let server = part.server, let left = parts.left[server] else { continue }
        parts.left[server] = left > 1 ? left - 1 : nil
      }
      // What may have left a partial file somewhere stays, and is not counted.
      let count = try journal.clear(states)
      if command.json {
        Self.tellJSON(count, parts, forgotten, output)
      } else {
        Self.tell(count, parts, forgotten, output)
      }
      return .done
    }
  }

  private static func tell(
    _ count: Int, _ parts: JournalClearing.Report, _ forgotten: [JournalClearing.ForgottenPart], _ output: Output
  ) {
    output.line("\(Count.of(count, "transfer was", "transfers were")) forgotten.")
    if parts.removed > 0 {
      output.line("\(Count.of(parts.removed, "partial file was", "partial files were")) removed.")
    }
    for part in forgotten {
      let path = SafeText.escape(part.path)
      output.line("\(part.server.map { "\($0)\(path)" } ?? path) may be there yet, and is not removed any more.")
    }
    for (server, count) in parts.left.sorted(by: { "\($0.key)" < "\($1.key)" }) {
      output.line(
        "On \(server), \(Count.of(count, "transfer", "transfers")) may have left a partial file, "
          + "which goes when Ferry is connected there: ferry queue run does that.")
    }
  }

  private static func tellJSON(
    _ count: Int, _ parts: JournalClearing.Report, _ forgotten: [JournalClearing.ForgottenPart], _ output: Output
  ) {
    for part in forgotten {
      var object = JSONObject()
      object.add("forgottenPartServer", part.server.map { "\($0)" })
      object.add("forgottenPart", bytes: part.path)
      output.object(object)
    }
    var object = JSONObject()
    object.add("forgotten", Int64(count))
    object.add("partialFilesRemoved", Int64(parts.removed))
    object.add("partialFilesLeft", Int64(parts.left.values.reduce(0, +)))
    object.add("partialFilesForgotten", Int64(forgotten.count))
    output.object(object)
  }
}
