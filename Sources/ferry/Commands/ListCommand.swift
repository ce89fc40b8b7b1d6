import ArgumentParser
import FTP
import FTPSClient

/// `ferry ls ADDRESS`
struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List a remote folder.",
    discussion: "One name a line; those of folders end with a slash.")

  @Flag(name: .shortAndLong, help: "Show sizes in bytes and times in UTC too.")
  var long = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @OptionGroup var connection: ConnectionOptions

  @Argument(help: "For example ftpes://ada@files.example.org/www")
  var address: String

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let address = try command.connection.address(command.address)
      let engine = try Engine.headless(command.connection, output)
      let login = try await engine.logIn(address, command.connection)
      let pool = await engine.sessions.pool(anyway: login.server)
      let entries = try await pool.withSession(for: .browsing) { session in
        try await Self.entries(of: address.path ?? session.facts.home, session)
      }
      for entry in entries.sorted(by: { $0.name < $1.name }) {
        output.line(command.json ? entry.json.text : command.long ? entry.longLine : entry.shortLine)
      }
      await engine.sessions.close()
      return .done
    }
  }

  /// What is in a folder, or the file itself.
  private static func entries(of path: RemotePath, _ session: FTPSession) async throws -> [ListingEntry] {
    do {
      return try await session.wholeList(of: path)
    } catch let error as FTPSError {
      guard case .refused(_, let reply) = error, reply.isPermanentFailure else { throw error }
      if let entry = try await session.status(of: path), !entry.isDirectory { return [entry] }
      throw error
    }
  }
}
