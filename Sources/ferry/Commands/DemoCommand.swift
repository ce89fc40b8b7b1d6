import ArgumentParser

/// `ferry demo`
struct DemoCommand: ScreenCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Try Ferry: its own server on this machine, with sample files.")
  func start() async throws -> BrowseStart { throw UsageProblem("not yet") }
}
