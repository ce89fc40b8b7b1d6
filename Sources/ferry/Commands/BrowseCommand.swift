import ArgumentParser

/// `ferry [LEFT] [RIGHT]`
struct BrowseCommand: ScreenCommand {
  static let configuration = CommandConfiguration(
    commandName: "browse", abstract: "Show two panes (this is what ferry does without a command).")

  @Option(help: ArgumentHelp("The theme's name.", valueName: "name"))
  var theme: String?

  @Option(help: ArgumentHelp("Files transferred at the same time, 1 to 16.", valueName: "count"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp("The most that all transfers together may move a second, such as 500K or 2M.", valueName: "rate")
  )
  var limit: Rate?

  @OptionGroup var connection: ConnectionOptions

  @Argument(help: "A folder, an address or a saved site's name for the left pane.")
  var left: String?

  @Argument(help: "The same for the right pane.")
  var right: String?

  func validate() throws { try Jobs.check(jobs) }

  func start() async throws -> BrowseStart {
    for place in [left, right].compactMap(\.self) { try connection.checkPlace(place) }
    return BrowseStart(
      left: left, right: right, theme: theme, jobs: jobs, limit: limit?.bytesPerSecond, connection: connection)
  }
}
