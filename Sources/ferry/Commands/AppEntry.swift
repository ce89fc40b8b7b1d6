/// Where the command line hands over to the screen.
@MainActor enum AppEntry {
  /// Shows the screen until the person quits. Called on the main thread, which it may block.
  static func run(_ start: BrowseStart) async throws { try await ScreenProgram(start).run() }
}
