import ArgumentParser
import Storage
import SystemPackage

/// `ferry serve`
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Share a folder over FTPS, and decide whom to let in.",
    discussion: """
      ferry serve DIRECTORY shares a folder until it is interrupted; ferry help serve folder lists its options. Its \
      certificate, users and decisions about clients' certificates are kept for the next time.
      """,
    subcommands: [ServeFolderCommand.self, ServeClientsCommand.self, ServeUsersCommand.self],
    defaultSubcommand: ServeFolderCommand.self)
}

/// Where the server keeps what it knows.
struct ServeStateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the server's certificate, key, users and decisions in this folder instead of the usual one.",
      valueName: "folder"))
  var state: FilePath?

  /// - Throws: `StorageError`.
  func open() throws -> ServerState {
    guard let state else { return try ServerState(Home()) }
    return try ServerState(folder: Home(folder: state).path(of: .data))
  }
}
