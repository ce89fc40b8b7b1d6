import ArgumentParser
import FTP
import FTPSClient
import Transfers

/// `ferry get ADDRESS... DIRECTORY`
struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Download files and whole folders.",
    discussion: """
      The last argument is the local folder; it is made if the folder above it exists. An address without a path, or \
      with the path "/", means everything in that folder.
      """)

  @OptionGroup var transfer: TransferOptions

  @Option(
    help: ArgumentHelp(
      "Sessions that bring one large file together, each a part of it, 1 to 16; files from 32 MiB on.",
      valueName: "count"))
  var segments = 1

  @OptionGroup var connection: ConnectionOptions

  @Argument(help: ArgumentHelp("What to download, and where to.", valueName: "address... directory"))
  var arguments: [String]

  func validate() throws {
    guard arguments.count >= 2 else {
      throw ValidationError("Name what to download, and as the last argument the local folder that it goes into.")
    }
    guard Jobs.range.contains(segments) else {
      throw ValidationError("--segments takes a number from \(Jobs.range.lowerBound) to \(Jobs.range.upperBound).")
    }
  }

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: transfer.json) { output in
      let addresses = try command.arguments.dropLast().map(command.connection.address)
      let last = command.arguments[command.arguments.count - 1]
      if FTPAddress.looksLikeAddress(last) {
        throw UsageProblem("The last argument of ferry get is a local folder, not an address.")
      }
      let engine = try Engine.headless(command.connection, output, jobs: max(command.transfer.jobs, command.segments))
      var sources = SourceFolders()
      var isWhole = true
      for address in addresses {
        let login = try await engine.logIn(address, command.connection)
        // What keeps everybody out is said at once, instead of being tried again for each file.
        let home = try await engine.sessions.pool(anyway: login.server).withSession(for: .browsing) { $0.facts.home }
        if let path = address.path, let parent = path.parent, let name = path.name {
          sources.add(TransferRequest.Entry(name), in: .remote(login.server, parent))
        } else {
          let folder = address.path ?? home
          let list = try await Self.contents(of: folder, login.server, engine)
          if let problem = list.summary.problem(folder) {
            if list.summary.isTruncated { throw ItemProblem(problem) }
            isWhole = false
            output.problem(problem)
          }
          for entry in list.entries {
            sources.add(TransferRequest.Entry(entry), in: .remote(login.server, folder))
          }
        }
      }
      let target = try LocalPaths.targetFolder(last)
      let requests = sources.requests(to: .local(target), command.transfer)
      let transfers = HeadlessTransfers(
        output: output, engine: engine, options: command.transfer,
        segmentation: Segmentation(sessions: command.segments))
      let status = try await transfers.run(requests)
      return status == .done && !isWhole ? .itemsFailed : status
    }
  }

  private static func contents(
    of folder: RemotePath, _ server: ServerAddress, _ engine: Engine
  ) async throws -> FolderList {
    try await engine.sessions.pool(anyway: server).withSession(for: .browsing) { session in
      try await session.wholeList(of: folder)
    }
  }
}
