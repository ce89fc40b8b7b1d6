import ArgumentParser
import Storage
import Transfers

/// `ferry queue list|run|retry|clear`: the queue that the screen shows, without a screen.
struct JournalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "The transfers that are queued, running, failed or done.",
    subcommands: [
      JournalListCommand.self, JournalRunCommand.self, JournalRetryCommand.self, JournalClearCommand.self,
    ])

  /// The queue of the person who runs this.
  static func journal(_ output: Output) throws -> QueueJournal {
    let database = FerryDatabase(try Home())
    if let notice = try database.open().notice { output.problem(notice) }
    // What a killed process worked on waits, whoever looks first.
    try database.queue.releaseDead()
    return database.queue
  }
}

/// `ferry queue list`
struct JournalListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List them, in the order in which they run.",
    discussion: "The number in front names a transfer for the other commands.")

  @Option(
    name: .customLong("state"),
    help: ArgumentHelp("Only those that are waiting, running, paused, needs-you, failed or done.", valueName: "state"))
  var part: JournalPart?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let journal = try JournalCommand.journal(output)
      for part in command.part.map({ [$0] }) ?? JournalPart.allCases {
        var offset = 0
        while true {
          let page = try journal.page(part.states, offset: offset, limit: Self.pageSize)
          for item in page { output.record(item) }
          offset += page.count
          try Task.checkCancellation()
          if page.count < Self.pageSize { break }
        }
      }
      return .done
    }
  }

  private static let pageSize = 2_000
}

/// `ferry queue retry [NUMBER...]`
struct JournalRetryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Let failed transfers wait for their turn again.",
    discussion: "A running Ferry takes them up by itself; ferry queue run works them off without a screen.")

  @Flag(help: "Print one JSON object.")
  var json = false

  @Argument(help: "Numbers from ferry queue list; all failed copies and moves without any.")
  var numbers: [Int64] = []

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let journal = try JournalCommand.journal(output)
      let selection = command.numbers.isEmpty ? JournalSelection.all : .items(command.numbers)
      let states: Set<JournalItem.State> =
        command.numbers.isEmpty ? [.failed] : [.needsYou, .failed, .cancelled, .skipped]
      let count = try journal.retry(selection, states)
      if command.json {
        var object = JSONObject()
        object.add("waiting", Int64(count))
        output.object(object)
      } else {
        output.line("\(Count.of(count, "transfer waits", "transfers wait")) again.")
      }
      return count == 0 && !command.numbers.isEmpty ? .itemsFailed : .done
    }
  }
}
