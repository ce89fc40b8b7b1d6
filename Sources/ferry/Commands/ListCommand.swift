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

  @Flag(help: "Print rows as they arrive, in the server's order.")
  var unsorted = false

  @OptionGroup var place: PlaceArguments

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: place.json) { output in
      let address = try command.place.parsed()
      let engine = try Engine.headless(command.place.connection, output)
      let login = try await engine.logIn(address, command.place.connection)
      let pool = await engine.sessions.pool(anyway: login.server)
      try await pool.withSession(for: .browsing) { session in
        let path = address.path ?? session.facts.home
        if command.unsorted {
          try await command.printAsTheyArrive(path, session, output)
        } else {
          let list = try await Self.list(of: path, session)
          command.print(list.entries.sorted { $0.name < $1.name }, output)
          if let problem = list.summary.problem(path) { throw ItemProblem(problem) }
        }
      }
      await engine.sessions.close()
      return .done
    }
  }

  private func print(_ entries: [ListingEntry], _ output: Output) {
    // Many rows at once, so that a large folder costs few system calls, and bounded, so that it costs little memory.
    var rows: [UInt8] = []
    rows.reserveCapacity(Self.writeSize)
    for entry in entries {
      if place.json {
        rows += entry.json.text.utf8
      } else if long {
        rows += entry.longLine.utf8
      } else {
        entry.appendShortLine(to: &rows)
      }
      rows.append(UInt8(ascii: "\n"))
      if rows.count > Self.writeSize {
        output.lines(rows)
        rows.removeAll(keepingCapacity: true)
      }
    }
    if !rows.isEmpty { output.lines(rows) }
  }

  /// Bytes that are written at once, about.
  private static let writeSize = 32 << 10

  /// The rows leave on a task of their own: who reads them may be slow, and the session does not wait for that.
  private func printAsTheyArrive(_ path: RemotePath, _ session: FTPSession, _ output: Output) async throws {
    let (arrived, arriving) = AsyncStream.makeStream(of: [ListingEntry].self)
    async let printing: Void = { for await entries in arrived { print(entries, output) } }()
    let summary: ListingSummary
    do {
      summary = try await session.list(path, now: .now) { arriving.yield($0) }
      arriving.finish()
    } catch {
      arriving.finish()
      await printing
      throw error
    }
    await printing
    if let problem = summary.problem(path) { throw ItemProblem(problem) }
  }

  /// What is in a folder, or the file itself.
  private static func list(of path: RemotePath, _ session: FTPSession) async throws -> FolderList {
    do {
      return try await session.wholeList(of: path)
    } catch let error as FTPSError {
      guard case .refused(_, let reply) = error, reply.isPermanentFailure else { throw error }
      if let entry = try await session.status(of: path), !entry.isDirectory { return FolderList([entry]) }
      throw error
    }
  }
}
