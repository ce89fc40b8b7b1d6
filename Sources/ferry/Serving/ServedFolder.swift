import FTP
import FTPSServer
import Glibc
import NIOCore
import NIOPosix
import Storage
import SystemPackage
import TLS

/// One run of `ferry serve`: from the command line to the end of the last connection.
struct ServedFolder {
  private let options: ServeFolderCommand
  private let output: Output
  private let state: ServerState
  private let names: Set<String>?
  private let key: ServerKey.Opened
  private let reach: ServerReach
  private let revocations: RevocationFile?

  /// Checks everything that can be wrong before anybody can connect, and makes what the first start makes.
  ///
  /// - Throws: ``UsageProblem``, ``ItemProblem``, `StorageError`, `ServerError`.
  init(_ options: ServeFolderCommand, _ output: Output) async throws {
    self.options = options
    self.output = output
    reach = try ServerReach(options.address)
    try Self.check(options.directory)
    revocations = try options.crlFile.map { try RevocationFile($0) }
    state = try options.state.open()
    try Self.check(state.folder, isOutside: options.directory)
    names = try await Self.users(options, state)
    key = try await ServerKey(folder: state.folder, passphraseFile: options.passphraseFile).open(
      names: ServerIdentity.localNames + reach.names)
    // Last: what is trusted stays so, also for later starts, and this one may fail up to here.
    for file in options.trustAuthority { try ServerAuthorityFile.trust(file, in: state) }
  }

  /// Serves until a signal comes.
  func run() async throws {
    let questions = ClientQuestions()
    let log = ServerLog(output, isVerbose: options.verbose)
    let desk = try ServerDesk(state, names: names, revocations: revocations) { questions.received($0) }
    let files = NIOThreadPool(numberOfThreads: 4)
    files.start()
    let server = FTPSServer(try configuration(desk), files: files) { log.received($0) }
    let version = try state.version()
    let port = try await server.start()
    introduce(port)
    let state = self.state
    // Not waited for at the end: a question that is open then stays unanswered.
    let asking = Task { await questions.run(state) { log.write() } }
    let watching = Task { [output] in
      await withTaskGroup { group in
        group.addTask { await Self.watch(desk, server, from: version, output) }
        group.addTask { await Self.watchRevocations(desk, server, output) }
      }
    }
    await Interruption.waiting(endsAtQuestion: false)
    asking.cancel()
    watching.cancel()
    await server.stop()
    await log.finish()
  }

  /// Looks again at who is logged in whenever something was decided.
  private static func watch(
    _ desk: ServerDesk, _ server: FTPSServer, from version: ServerState.Version, _ output: Output
  ) async {
    var version = version
    while !Task.isCancelled {
      do {
        guard let new = try await desk.change(since: version) else { return }
        version = new
        await server.review()
      } catch {
        output.problem(Headless.sentence(error))
        try? await Task.sleep(for: .seconds(1))
      }
    }
  }

  /// The same whenever there are other lists of revoked certificates. Apart from the state: neither waits until the other
  /// can be read again.
  private static func watchRevocations(_ desk: ServerDesk, _ server: FTPSServer, _ output: Output) async {
    while !Task.isCancelled {
      do {
        let isNew = try await desk.newRevocations { list in
          output.problem(
            "\(list) Until the file has a valid one, only those clients of that issuer come in that were trusted one by "
              + "one.")
        }
        guard isNew else { return }
        await server.review()
      } catch {
        output.problem(Headless.sentence(error))
        try? await Task.sleep(for: .seconds(1))
      }
    }
  }

  private func configuration(_ desk: ServerDesk) throws -> ServerConfiguration {
    var configuration = ServerConfiguration(root: options.directory, identity: key.identity, login: desk)
    configuration.address = options.address
    configuration.port = options.port ?? (options.implicit ? 9990 : 2121)
    configuration.mode = options.implicit ? .implicit : .explicit
    configuration.clientCertificates =
      switch options.clientCertificates {
      case .off: .off
      case .request: .request(desk)
      case .require: .require(desk)
      }
    configuration.isReadOnly = options.readOnly
    configuration.umask = UInt32(ProcessHygiene.personsUmask)
    configuration.passivePorts = options.passivePorts?.ports
    configuration.limits.connections = options.maxConnections
    configuration.limits.connectionsPerAddress = options.maxConnectionsPerAddress ?? max(options.maxConnections / 2, 1)
    configuration.limits.bytesPerSecond = options.limit?.bytesPerSecond
    return configuration
  }

  /// Says where the server is, and how to know it.
  private func introduce(_ port: Int) {
    let user = names.flatMap { $0.count == 1 ? $0.first : nil }
    let server = ServerAddress(
      host: reach.host, port: port, mode: options.implicit ? .implicit : .explicit, user: user)
    let address = "\(FTPAddress(server: server, path: .root))"
    let print = key.identity.chain[0].sha256
    if output.isJSON {
      var object = JSONObject()
      object.add("event", "listening")
      object.add("address", address)
      object.add("sha256", print.description)
      object.add("short", print.short)
      output.object(object)
    } else {
      output.line("address \(SafeText.escape(address))")
      output.line("certificate \(print)")
      output.line("short \(print.short)")
    }
    if key.isBare {
      output.problem(
        "The key in \(SafeText.escape(state.folder.string)) has no passphrase; only its owner can read it.")
    }
    if options.clientCertificates == .off, let users = try? state.users.list(),
      let user = users.first(where: { $0.certificate != nil && names?.contains($0.name) ?? true })
    {
      output.problem(
        "\(SafeText.escape(user.name)) is let in with a certificate only, and none is asked for: add "
          + "--client-certificates request.")
    }
    if let warning = reach.warning(isReadOnly: options.readOnly) { output.problem(warning) }
  }
}

/// What is checked before the start.
extension ServedFolder {
  private static func check(_ directory: FilePath) throws {
    let name = SafeText.escape(directory.string)
    do {
      let descriptor = try FileDescriptor.open(directory, .readOnly, options: [.directory, .closeOnExec])
      try descriptor.close()
    } catch Errno.notDirectory {
      throw UsageProblem("\(name) is not a folder: name the folder to share.")
    } catch {
      throw UsageProblem("The folder \(name) cannot be shared: \(error).")
    }
  }

  /// The key and the users must not lie where clients can fetch them.
  private static func check(_ state: FilePath, isOutside directory: FilePath) throws {
    guard let inner = resolved(state), let outer = resolved(directory), inner.starts(with: outer) else { return }
    throw UsageProblem(
      "\(SafeText.escape(directory.string)) holds the server's own key and users, in \(SafeText.escape(state.string)): "
        + "share another folder, or keep those elsewhere with --state.")
  }

  private static func resolved(_ path: FilePath) -> FilePath? {
    guard let text = realpath(path.string, nil) else { return nil }
    defer { free(text) }
    return FilePath(platformString: text)
  }

  /// Makes the users of `--user`, and gives who may log in: nil for all that there are.
  private static func users(_ options: ServeFolderCommand, _ state: ServerState) async throws -> Set<String>? {
    for name in options.user where !ServerUser.isName(name) {
      throw UsageProblem("\(SafeText.escape(name)) cannot be a user's name: 1 to 64 bytes, without spaces.")
    }
    guard !options.user.isEmpty else {
      if try state.users.list().isEmpty {
        throw UsageProblem("Nobody may log in yet: add a user with ferry serve users add NAME, or with --user NAME.")
      }
      return nil
    }
    let known = try state.users.list()
    let wanted = options.passwordFile == nil ? options.user.filter { !known.map(\.name).contains($0) } : options.user
    for (name, password) in zip(wanted, try await NewPasswords.get(wanted, from: options.passwordFile)) {
      let old = known.first { $0.name == name }
      if let hash = old?.password, password.withBytes({ hash.matches($0) }) { continue }
      try state.users.set(name, password: try PasswordHash(password), certificate: old?.certificate)
    }
    return Set(options.user)
  }
}
