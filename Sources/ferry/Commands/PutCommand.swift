import ArgumentParser
import FTP
import FTPSClient
import Transfers

/// `ferry put PATH... ADDRESS`
struct PutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Upload files and whole folders.",
    discussion: "The last argument is the remote folder; it is made if the folder above it exists.")

  @OptionGroup var transfer: TransferOptions
  @OptionGroup var connection: ConnectionOptions

  @Argument(help: ArgumentHelp("What to upload, and where to.", valueName: "path... address"))
  var arguments: [String]

  func validate() throws {
    guard arguments.count >= 2 else {
      throw ValidationError("Name what to upload, and as the last argument the address of the folder it goes into.")
    }
  }

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: transfer.json) { output in
      let address = try command.connection.address(command.arguments[command.arguments.count - 1])
      var sources = SourceFolders()
      var missing = 0
      for path in command.arguments.dropLast() {
        do {
          let (folder, name) = try LocalPaths.source(path)
          sources.add(TransferRequest.Entry(name), in: .local(folder))
        } catch let problem as ItemProblem {
          output.problem("\(problem)")
          missing += 1
        }
      }
      if sources.isEmpty { return .itemsFailed }
      let engine = try Engine.headless(command.connection, output, jobs: command.transfer.jobs)
      let login = try await engine.logIn(address, command.connection)
      let isTree = command.arguments.dropLast().contains(where: LocalPaths.isFolder)
      let target = try await Self.targetFolder(
        address.path, login.server, engine, sessions: isTree ? command.transfer.jobs : 1)
      let requests = sources.requests(to: .remote(login.server, target), command.transfer)
      let status = try await HeadlessTransfers(output: output, engine: engine, options: command.transfer)
        .run(requests)
      return status == .done && missing > 0 ? .itemsFailed : status
    }
  }

  /// The folder, which is made where it is missing.
  ///
  /// - Parameter sessions: as many will be wanted: far away they are opened while the folder is looked at.
  private static func targetFolder(
    _ path: RemotePath?, _ server: ServerAddress, _ engine: Engine, sessions: Int
  ) async throws -> RemotePath {
    let pool = await engine.sessions.pool(anyway: server)
    return try await pool.withSession(for: .browsing) { session in
      await pool.warm(upTo: sessions)
      guard let path, path != .root else { return path ?? session.facts.home }
      guard let entry = try await session.status(of: path) else {
        try await session.makeDirectory(path)
        return path
      }
      if case .file = entry.kind {
        throw ItemProblem("\(SafeText.escape(path.bytes)) is a file on the server: name the folder to upload into.")
      }
      return path
    }
  }
}
