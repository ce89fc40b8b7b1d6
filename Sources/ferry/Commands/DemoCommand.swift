import ArgumentParser
import FTP
import FTPSServer
import Storage
import SystemPackage

/// `ferry demo`
struct DemoCommand: ScreenCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Try Ferry: its own server on this machine, with sample files.",
    discussion: "Everything lies in one folder of its own and is kept; delete that to begin again.")

  @Option(help: ArgumentHelp("The theme's name.", valueName: "name"))
  var theme: String?

  @Flag(help: ArgumentHelp("Serve without a screen until a signal comes.", visibility: .hidden))
  var serveOnly = false

  func start() async throws -> BrowseStart {
    let demo = try Demo(Home())
    let running = try await demo.serve()
    guard serveOnly else {
      return BrowseStart(
        left: demo.localFolder.string, right: running.address.description, theme: theme,
        connection: try ConnectionOptions.parse([]),
        login: CredentialSources.Completed(server: running.address.server, password: demo.password),
        keeping: running.server)
    }
    let output = Output()
    output.line("address \(running.address)")
    output.line("password-file \(SafeText.escape(demo.passwordFile.string))")
    output.line("folder \(SafeText.escape(demo.serverFolder.string))")
    await Interruption.waiting()
    await running.server.stop()
    throw ExitCode.success
  }
}
