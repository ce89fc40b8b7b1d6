internal import FTP
internal import Glibc
internal import SystemPackage

// Stands in until the command line is there: two local panes.

struct NoServers: PaneService, ConnectService, TransferService {
  private static let complaint = Complaint("This build of Ferry speaks to no servers yet.")

  func list(_ folder: Place, onRows: @escaping @Sendable ([Entry], Bool) -> Void) async throws -> ListingFacts {
    throw Self.complaint
  }
  func makeFolder(_ folder: Place) async throws { throw Self.complaint }
  func rename(_ place: Place, to other: Place) async throws { throw Self.complaint }
  func count(_ folders: [Entry], in folder: Place) async throws -> TreeCount { throw Self.complaint }
  func delete(_ entries: [Entry], in folder: Place) async throws { throw Self.complaint }
  func read(_ file: Place, offset: Int64, count: Int) async throws -> FileChunk { throw Self.complaint }
  func fetch(_ file: Place, into path: FilePath) async throws { throw Self.complaint }
  func send(_ path: FilePath, to file: Place) async throws { throw Self.complaint }
  func connect(_ request: ConnectRequest) async throws -> (server: ServerAddress, folder: RemotePath) {
    throw Self.complaint
  }
  func disconnect(_ server: ServerAddress) async {}
  func answerCertificate(_ id: Int, _ answer: TrustAnswer) async {}
  func answerPassword(_ id: Int, _ password: Secret?) async {}
  func enqueue(_ order: TransferOrder) async throws { throw Self.complaint }
  func run(_ command: QueueCommand) async throws { throw Self.complaint }
}

let here = FilePath(String(cString: getcwd(nil, 0)))
let starts: [Program.Start] = CommandLine.arguments.dropFirst().map { .place(.local(here.pushing(FilePath($0)))) }
let services = AppServices(local: LocalPanes(), remote: NoServers(), connections: NoServers(), transfers: NoServers())
do {
  try Program.run(
    left: starts.first ?? .place(.local(here)), right: starts.dropFirst().first ?? .place(.local(here)),
    services: services, inbox: Inbox(),
    options: Program.Options(theme: getenv("FERRY_THEME").map { String(cString: $0) }))
} catch {
  let text = "ferry: \(error)\n"
  _ = write(2, text, text.utf8.count)
  exit(1)
}
