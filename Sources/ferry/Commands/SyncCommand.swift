import ArgumentParser
import FTP
import FTPSClient
import Glibc
import SystemPackage
import Transfers

/// `ferry sync SOURCE DESTINATION`
struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync", abstract: "Make one folder like another: here, or on a server.",
    discussion: """
      Only what differs is copied. Nothing is deleted without --delete, and never because of a list that is not complete.
      A file that is newer at the destination is left, and counts as failed, unless --on-conflict overwrite says otherwise.
      """)

  @Flag(help: "Delete at the destination what is not in the source.")
  var delete = false

  @Flag(help: "Only print what would be done.")
  var dryRun = false

  @Option(help: ArgumentHelp("What makes files equal: size, time (and size), or hash.", valueName: "what"))
  var compare = SyncRules.Comparison.time

  @Option(
    name: .customLong("include"), parsing: .singleValue,
    help: ArgumentHelp("Only files that match; may be given again.", valueName: "pattern"))
  var includes: [String] = []

  @Option(
    name: .customLong("exclude"), parsing: .singleValue,
    help: ArgumentHelp("Leave out files and folders that match; may be given again.", valueName: "pattern"))
  var excludes: [String] = []

  @Flag(help: FXPHelp.flag)
  var fxp = false

  @OptionGroup var transfer: TransferOptions
  @OptionGroup var connection: ConnectionOptions

  @Argument(help: "A folder, or an address.")
  var source: String

  @Argument(help: "A folder, or an address; it is made if the folder above it exists.")
  var destination: String

  func validate() throws {
    guard [.ask, .overwrite].contains(transfer.onConflict) else {
      throw ValidationError("--on-conflict of ferry sync is ask or overwrite: what differs is decided by --compare.")
    }
  }

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: transfer.json) { output in
      let engine = try Engine.headless(command.connection, output, jobs: command.transfer.jobs)
      let places = SyncPlaces(engine: engine, connection: command.connection)
      let left = try await places.source(command.source)
      let right = try await places.destination(command.destination, mayMake: !command.dryRun)
      if command.fxp {
        for case .remote(let server, _) in [left.location, right.location] { await engine.sessions.letExchange(server) }
      }
      let rules = SyncRules(
        command.compare, deletes: command.delete, overwritesNewer: command.transfer.onConflict == .overwrite,
        filter: SyncFilter(including: command.includes, excluding: command.excludes))
      let run = SyncRun(
        left: left, right: right, rules: rules, engine: engine, output: output, options: command.transfer,
        isDry: command.dryRun)
      let status = try await run.run()
      await engine.sessions.close()
      return status
    }
  }
}

extension SyncRules.Comparison: ExpressibleByArgument {}
