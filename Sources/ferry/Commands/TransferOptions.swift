import ArgumentParser
import Transfers

/// The options of commands that transfer files.
struct TransferOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What to do where a file exists: overwrite, newer, size, resume, rename or skip; ask asks at the terminal, "
        + "and fails such files where there is none.", valueName: "policy"))
  var onConflict = ConflictPolicy.ask

  @Option(help: ArgumentHelp("Files transferred at the same time, 1 to 16.", valueName: "count"))
  var jobs = Jobs.usual

  @Flag(help: "Compare the content too: by a digest where the server has one, else by reading it once more.")
  var verify = false

  @Option(
    help: ArgumentHelp(
      "keep gives what arrives the permissions of its source, without setuid and setgid, and here as your umask allows; "
        + "default gives it those of anything new.", valueName: "which"))
  var permissions = KeptPermissions.usual

  @Option(
    help: ArgumentHelp("The most that all transfers together may move a second, such as 500K or 2M.", valueName: "rate")
  )
  var limit: Rate?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws { try Jobs.check(jobs) }

  /// Whether somebody is there who is asked about existing files; programs that read JSON are not disturbed.
  var asksAtTerminal: Bool { !json && ControllingTerminal.isPresent }
}

extension KeptPermissions: ExpressibleByArgument {}

extension ConflictPolicy: ExpressibleByArgument {
  init?(argument: String) { self.init(rawValue: argument) }
}

/// Bytes a second (`--limit`).
struct Rate: ExpressibleByArgument {
  let bytesPerSecond: Double

  init?(argument: String) {
    guard let rate = RateText.bytesPerSecond(argument) else { return nil }
    bytesPerSecond = rate
  }
}
