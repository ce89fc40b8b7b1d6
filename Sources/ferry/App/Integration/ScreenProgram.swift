import FTP
import FTPSClient
import Glibc
import Storage
import SystemPackage
import Transfers

/// Puts the real parts behind the screen, and shows it.
struct ScreenProgram {
  private let start: BrowseStart
  private let inbox = Inbox()
  private let book = SessionBook()
  private let questions: ScreenQuestions
  private let engine: Engine
  private let settings: Settings
  private let warnings: [String]
  /// Files at the same time.
  private let jobs: Int

  /// Sessions with one server for transfers, however many files and segments are wanted; servers allow fewer.
  private static let mostSessions = 32

  init(_ start: BrowseStart) throws {
    self.start = start
    let inbox = inbox
    questions = ScreenQuestions(inbox: inbox)
    (settings, warnings) = Settings.read(try Home())
    jobs = start.jobs ?? settings.jobs ?? Jobs.usual
    engine = try start.makeEngine(
      asker: questions, passphraseAsker: questions,
      sessions: min(Self.mostSessions, jobs * settings.segments),
      transcript: ScreenTranscript(inbox: inbox), book: book
    ) { text in
      inbox.post(.said(text, isError: true))
    }
  }

  /// Runs until the person quits; then takes leave of the servers.
  @MainActor func run() async throws {
    let inbox = inbox
    let sessions = engine.sessions
    if let login = start.login, let password = login.password {
      await sessions.setPassword(password, for: login.server)
    }
    engine.speed.follow(settings.speed)
    if let limit = start.limit { engine.speed.choose(.rate(limit)) }
    let (left, right) = (try await begin(start.left), try await begin(start.right))
    let identities = ScreenIdentities(
      desk: engine.identities, database: engine.database, sessions: sessions, questions: questions, inbox: inbox)
    let queue = TransferQueue(
      sessions: sessions, disk: LocalDisk(files: PosixFiles(umask: ProcessHygiene.personsUmask)),
      journal: StoredJournal(engine.database.queue), jobs: jobs,
      segmentation: Segmentation(sessions: settings.segments))
    let transfers = ScreenTransfers(
      queue: queue, sessions: sessions, speed: engine.speed, questions: questions, inbox: inbox,
      home: getenv("HOME").map { FilePath(platformString: $0) })
    let connections = await ScreenConnections(
      sessions: sessions, desk: engine.desk, identities: engine.identities, questions: questions,
      transfers: transfers)
    let services = AppServices(
      local: LocalPanes(), remote: RemotePanes(sessions: sessions), connections: connections, transfers: transfers,
      compare: ScreenCompare(
        sessions: sessions, transfers: transfers, keepsPermissions: settings.keepsPermissions),
      trust: ScreenTrust(database: engine.database, sessions: sessions, desk: engine.desk),
      sites: ScreenSites(store: engine.database.sites, uses: engine.database.identityUses), book: book,
      identities: identities, editFolder: { [home = engine.home] in try home.prepare(.edits) })
    try Program.run(
      left: left, right: right, services: services, inbox: inbox, options: options(settings, warnings: warnings)
    ) {
      // The main thread is the screen's and runs no tasks until that is closed.
      Task { @concurrent in
        await transfers.begin()
        try? await identities.run(.load)
      }
    }
    await transfers.end()
    engine.speed.end()
    await sessions.close()
  }

  /// Where a pane begins: an address, a saved site of that name, else a folder.
  private func begin(_ text: String?) async throws -> Program.Start {
    guard let text else { return .place(.local(Self.currentFolder)) }
    if FTPAddress.looksLikeAddress(text) { return try connect(start.connection.address(text)) }
    let path = Self.currentFolder.pushing(FilePath(text)).lexicallyNormalized()
    // A site's name is looked up only where there is no such folder: that needs no database.
    if access(path.string, F_OK) != 0, let site = try? engine.database.sites.find(text) {
      return try connect(FTPAddress(server: site.address, path: site.remotePath), identity: site.identity)
    }
    return .place(.local(path))
  }

  private func connect(_ address: FTPAddress, identity: String? = nil) throws -> Program.Start {
    if let login = start.login, login.server == address.server {
      return .connect(ConnectRequest(server: login.server, identity: identity, folder: address.path))
    }
    let login = try start.connection.credentials.complete(address)
    return .connect(
      ConnectRequest(
        server: login.server, password: login.password.map(SecretBox.init), identity: identity, folder: address.path))
  }

  /// The command line comes before the environment, and that before the settings.
  private func options(_ settings: Settings, warnings: [String]) -> Program.Options {
    let inEnvironment = getenv("FERRY_THEME").map { String(cString: $0) }
    var options = Program.Options(
      theme: [start.theme, inEnvironment, settings.theme].compactMap(\.self).first { !$0.isEmpty },
      themeFolders: [engine.home.path(of: .themes).string], showsHidden: settings.showsHidden,
      whenDone: settings.whenDone, usualPolicy: settings.conflict, usuallyVerifies: settings.verifies,
      usuallyKeepsPermissions: settings.keepsPermissions,
      speedChoice: start.limit.map { .rate($0) } ?? .schedule, speedSchedule: settings.speed, warnings: warnings)
    if let text = TextFile.read(engine.home.keys.string) {
      let keys = KeymapFile.keymap(text)
      options.keymap = keys.keymap
      options.warnings += keys.warnings
    }
    return options
  }

  private static var currentFolder: FilePath {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return FilePath(platformString: path)
  }
}
