import FTP
import FTPSClient
import Storage
import TLS
import Transfers

/// What every command stands on: the folders, the database, the decision about certificates, and the sessions.
struct Engine: Sendable {
  let home: Home
  let database: FerryDatabase
  let desk: TrustDesk
  let identities: IdentityDesk
  let sessions: SessionDirectory
  /// The limit on the speed of all transfers.
  let speed: SpeedControl
  private let notice: @Sendable (String) -> Void

  /// Opens no file but those of the options and the settings, and starts no thread.
  ///
  /// - Parameters:
  ///   - asker: who is asked about certificates when the policy is `ask`.
  ///   - passphraseAsker: who is asked for the passphrases of client certificates.
  ///   - notice: takes what a person has to know about the database, when that is opened for a certificate.
  /// - Throws: `StorageError.noHome`, and ``UsageProblem`` for a `--ca-file` or `--crl-file` that
  ///   cannot be used.
  init(
    _ options: ConnectionOptions, policy: TrustPolicy, asker: (any TrustAsker)?,
    passphraseAsker: (any PassphraseAsker)? = nil, sessionLimit: Int = 4, reservedSessions: Int = 0,
    transcript: (any Transcript)? = nil, book: SessionBook? = nil, notice: @escaping @Sendable (String) -> Void
  ) throws {
    let home = try Home()
    let database = FerryDatabase(home)
    self.home = home
    self.notice = notice
    self.database = database
    let desk = TrustDesk(
      store: {
        try Self.open(database, notice)
        return database.trust
      },
      policy: policy, expected: options.fingerprint, asker: asker,
      asksAboutVouchedFor: { !(options.authorities ?? Settings.read(home).settings.trustsAuthorities) },
      notice: notice)
    self.desk = desk
    let speed = SpeedControl()
    self.speed = speed
    let identities = IdentityDesk(
      store: IdentityStore(home), database: database, passphrase: { try options.passphrase.read() },
      asker: passphraseAsker, notice: notice)
    self.identities = identities
    var terms = SessionDirectory.Terms(
      trust: desk, roots: try options.roots(), transcript: transcript, book: book,
      limit: max(1, sessionLimit), reserved: reservedSessions, pacer: speed.limit, isActive: options.active)
    terms.revoked = try options.revoked(Settings.read(home).settings.revocationFile)
    terms.mayExchange = { (try? database.sites.mayExchange($0)) ?? false }
    terms.identityObserver = identities
    terms.identity = { server, chosen in
      if let name = chosen ?? options.identity { return try await identities.identity(name) }
      // Sites are looked up only where there may be a certificate for one.
      guard try !identities.store.names().isEmpty else { return nil }
      let site = try? database.sites.list().first { $0.address == server && $0.identity != nil }
      guard let name = site?.identity else { return nil }
      return try await identities.identity(name)
    }
    sessions = SessionDirectory(terms)
  }

  /// For a command without a screen: it asks at the terminal, if there is one.
  static func headless(_ options: ConnectionOptions, _ output: Output, jobs: Int = 1) throws -> Engine {
    let policy = options.trust ?? (ControllingTerminal.isPresent ? .ask : .known)
    let roots = try options.roots()
    Task.detached { roots.prepare() }
    return try Engine(
      options, policy: policy, asker: ControllingTerminal.isPresent ? TerminalTrustAsker() : nil,
      passphraseAsker: ControllingTerminal.isPresent ? TerminalPassphraseAsker() : nil, sessionLimit: jobs + 1,
      notice: { output.problem($0) })
  }

  /// Finds the user and the password for an address, asking the person at the terminal if need be.
  func logIn(_ address: FTPAddress, _ options: ConnectionOptions) async throws -> CredentialSources.Completed {
    let login = try options.credentials.complete(address)
    try await sessions.prepareIdentity(for: login.server)
    if login.password == nil, await !sessions.knowsPassword(for: login.server) {
      // Its certificate comes first, so that nobody types a password for the wrong server; and some want none.
      do {
        try await sessions.pool(anyway: login.server).withSession(for: .browsing) { _ in }
        return login
      } catch FTPSError.passwordNeeded {
        let completed = await withPassword(login)
        guard completed.password == nil else { return completed }
        throw FTPSError.passwordNeeded
      }
    }
    return await withPassword(login)
  }

  /// The same without opening a session or a client certificate.
  func prepareLogin(_ address: FTPAddress, _ options: ConnectionOptions) async throws -> CredentialSources.Completed {
    await withPassword(try options.credentials.complete(address))
  }

  private func withPassword(_ login: CredentialSources.Completed) async -> CredentialSources.Completed {
    var login = login
    if login.password == nil, await !sessions.knowsPassword(for: login.server) {
      login.password = await PasswordPrompt.ask(login.server)
    }
    if let password = login.password { await sessions.setPassword(password, for: login.server) }
    return login
  }

  /// Where the transfers of this process are kept.
  ///
  /// - Parameter isExclusive: what it queues is not for other copies, as long as it lives.
  /// - Throws: `StorageError` where the database cannot be opened.
  func journal(isExclusive: Bool = false) throws -> any TransferJournal {
    try Self.open(database, notice)
    return StoredJournal(database.queue, isExclusive: isExclusive)
  }

  /// Opens the database, and says what was found if that is news.
  private static func open(_ database: FerryDatabase, _ notice: (String) -> Void) throws {
    let wasOpen = database.openReport != nil
    let report = try database.open()
    if !wasOpen, let text = report.notice { notice(text) }
  }
}
