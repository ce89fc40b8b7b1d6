import Glibc
import Synchronization
package import SystemPackage

/// A real FTPS server on loopback, started for one test with its own folder, user, certificate and ports.
///
/// It ends with `stop()`, when the value goes, and when the test process ends; only its own process group is touched.
/// Where the tests run as root its sessions run as `daemon`, which then owns the root folder; else they run as the user
/// of the tests. vsftpd does not lock them into the folder: `home` is not `/` there.
package final class RealServer: Sendable {
  /// The name of the only user. vsftpd calls it anonymous; its password is asked for and checked all the same.
  package static let user = "ftp"

  package let software: ServerSoftware
  package let options: ServerOptions
  /// The folder that it serves.
  package let root: FilePath
  /// The remote path of `root`, without a slash at the end but for `/` itself.
  package let home: String
  private let ports: PortBlock
  private let folder: TemporaryFolder
  private let ownRoot: TemporaryFolder?
  private let plan: ServerSetup.Plan
  private let running: Mutex<RunningProgram>
  private let logs: [FilePath]

  /// The port of its control connections.
  package var port: Int { ports.control }
  /// The ports of its passive data connections.
  package var passivePorts: ClosedRange<Int> { ports.passive }
  /// The password of `user`.
  package var password: String { options.password }
  /// Its root folder as Ferry's command line takes it, without password or trailing slash.
  package var address: String { address(at: options.host) }
  /// The same for who reaches it by another host.
  package func address(at host: String) -> String {
    "\(scheme)://\(Self.user)@\(host):\(port)\(home == "/" ? "" : home)"
  }
  private var scheme: String { options.mode == .implicit ? "ftps" : "ftpes" }

  /// Starts a server, and returns when it takes connections.
  ///
  /// - Throws: `TestFailure` with the server's log where it does not within 15 seconds.
  package static func start(_ software: ServerSoftware, _ options: ServerOptions = ServerOptions()) async throws
    -> RealServer
  {
    precondition(options.mode == .explicit || software.hasImplicit, "\(software) has no implicit TLS")
    try await ServerFiles.shared.prepare()
    let server = try await RealServer(software, options)
    try await server.waitUntilReady()
    return server
  }

  private init(_ software: ServerSoftware, _ options: ServerOptions) async throws {
    self.software = software
    self.options = options
    ports = try PortBlock()
    folder = try TemporaryFolder("server")
    // The server reads its files after it has dropped its privileges.
    try FileTree.setPermissions([.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute], of: folder.path)
    ownRoot = options.root == nil ? try TemporaryFolder("root", in: options.place) : nil
    let root = options.root ?? ownRoot!.path
    self.root = root
    try FileTree.setPermissions([.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute], of: root)
    try await Self.adopt(root)
    let setup = ServerSetup(software: software, options: options, folder: folder, root: root, ports: ports)
    plan = try await setup.plan()
    try await Self.adopt(folder.path)
    logs = plan.logs
    home = plan.home
    running = Mutex(try plan.program.start())
  }

  deinit { program.kill() }

  /// Ends it, and removes its own folders.
  package func stop() async {
    await program.stop()
    folder.remove()
    ownRoot?.remove()
  }

  private var program: RunningProgram { running.withLock { $0 } }

  /// Trusts a client's certificate from now on, or what an authority signs. Only for vsftpd and ProFTPD, where they
  /// require client certificates. ProFTPD reads the file for each session; vsftpd at its start, so that it starts anew.
  package func trustClients(_ pem: String) async throws {
    let file = folder.appending(ServerSetup.clientAuthorities)
    try FileTree.write(FileTree.read(file) + Array("\n\(pem)".utf8), to: file)
    try await Self.adopt(folder.path)
    guard software == .vsftpd else { return }
    await program.stop()
    let again = try plan.program.start()
    running.withLock { $0 = again }
    try await waitUntilReady()
  }

  /// Gives everything in the root folder to the user that sessions run as: after adding files to it.
  package func adopt() async throws { try await Self.adopt(root) }

  /// The remote path of a file, given its path inside `root` without a leading slash.
  package func remotePath(_ relative: String) -> String { (home == "/" ? "" : home) + "/" + relative }

  /// Everything that the server has logged or written.
  package var log: String {
    logs.map { (try? FileTree.text($0)) ?? "" }.joined() + program.outputText + program.errorText
  }

  /// The server's process, which heads its process group.
  package var pid: Int32 { program.pid }

  private static func adopt(_ root: FilePath) async throws {
    guard geteuid() == 0 else { return }
    try await Program("chown", ["-R", "daemon:daemon", "--", root.string]).runSuccessfully()
  }

  private func waitUntilReady() async throws {
    let greets = options.mode == .explicit
    let isReady = try await eventually(within: .seconds(15)) {
      if program.status != nil { throw TestFailure("\(software) ended: \(program.status!)\n\(log)") }
      return greets
        ? await ServerGreeting.isHeard(on: port, of: options.host) : PortBlock.accepts(port, of: options.host)
    }
    guard isReady else {
      program.kill()
      throw TestFailure("\(software) does not answer on port \(port)\n\(log)")
    }
  }
}
