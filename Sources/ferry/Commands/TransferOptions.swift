import ArgumentParser
import Transfers

/// The options of commands that transfer files.
struct TransferOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What to do where a file exists: overwrite, newer, size, resume, rename or skip; ask fails such files.",
      valueName: "policy"))
  var onConflict = ConflictPolicy.ask

  @Option(help: ArgumentHelp("Files transferred at the same time, 1 to 16.", valueName: "count"))
  var jobs = Jobs.usual

  @Flag(help: "Compare the content too: by a digest where the server has one, else by reading it once more.")
  var verify = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws { try Jobs.check(jobs) }
}

extension ConflictPolicy: ExpressibleByArgument {}
