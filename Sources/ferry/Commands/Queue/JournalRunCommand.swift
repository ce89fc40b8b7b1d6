import ArgumentParser
import FTP
import FTPSClient
import Storage
import Transfers

/// `ferry queue run`
struct JournalRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Work off what waits in the queue, without a screen.",
    discussion: """
      What another running Ferry works on is left to that one. Transfers that were paused one by one stay so, those of a \
      queue that was paused as a whole do not. Failed ones are tried again after ferry queue retry.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: options.json) { output in
      let segments = Settings.read(try Home()).settings.segments
      let engine = try Engine.headless(command.connection, output, jobs: max(command.options.jobs, segments))
      let journal = try engine.journal()
      for server in try engine.database.queue.servers() {
        // What one server has against it is no reason to leave the others' transfers; its own fail with that reason.
        do {
          _ = try await engine.logIn(FTPAddress(server: server, path: nil), command.connection)
        } catch  where !(error is CancellationError) && error as? FTPSError != .cancelled {
          output.problem("\(SafeText.escape("\(server)")): \(error)")
        }
      }
      return try await HeadlessQueue(
        output: output, engine: engine, options: command.options, segmentation: Segmentation(sessions: segments)
      ).run(journal)
    }
  }
}

/// The options of ``JournalRunCommand``.
struct RunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Files transferred at the same time, 1 to 16.", valueName: "count"))
  var jobs = Jobs.usual

  @Option(
    help: ArgumentHelp("The most that all transfers together may move a second, such as 500K or 2M.", valueName: "rate")
  )
  var limit: Rate?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws { try Jobs.check(jobs) }

  var asksAtTerminal: Bool { !json && ControllingTerminal.isPresent }
}
