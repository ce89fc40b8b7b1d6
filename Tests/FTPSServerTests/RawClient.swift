import Glibc
import NIOPosix
import TLS
import TestSupport

/// An FTPS client in plain blocking steps, for dialogues that a decent client would not have.
final class RawClient {
  let control: RawConnection
  let context: TLSContext
  let tickets = TicketStore()
  let port: Int

  /// Connects and reads the greeting.
  init(
    _ port: Int, maximum: TLSVersion = .tls13, isImplicit: Bool = false, identity: Identity? = nil
  ) throws {
    self.port = port
    context = try .client(identity: identity, maximum: maximum)
    control = try RawConnection(port: port)
    if isImplicit { try control.startTLS(context, tickets: tickets) }
    try expect("220")
  }

  /// A client that has done all up to the data connections.
  static func loggedIn(
    _ port: Int, maximum: TLSVersion = .tls13, identity: Identity? = nil
  ) throws -> RawClient {
    let client = try RawClient(port, maximum: maximum, identity: identity)
    try client.startTLS()
    try client.logIn()
    return client
  }

  func startTLS() throws {
    try say("AUTH TLS", "234")
    try control.startTLS(context, tickets: tickets)
  }

  func logIn() throws {
    try say("USER ada", "331")
    try say("PASS lovelace", "230")
    try say("PBSZ 0", "200")
    try say("PROT P", "200")
  }

  // MARK: Dialogue

  /// Sends a command and reads its reply, which must start with `answer`. Gives the reply's last line.
  @discardableResult
  func say(_ command: String, _ answer: String) throws -> String {
    try control.send(Array(command.utf8) + [0x0D, 0x0A])
    return try expect(answer, after: command)
  }

  @discardableResult
  func expect(_ answer: String, after command: String = "") throws -> String {
    let line = try reply()
    guard line.hasPrefix(answer) else { throw TestFailure("\(command): expected \(answer), got “\(line)”") }
    return line
  }

  /// The last line of the next reply.
  func reply() throws -> String {
    var line = try control.line()
    let code = line.prefix(3)
    while !line.hasPrefix(code + " ") { line = try control.line() }
    return line
  }

  // MARK: Data

  /// Asks for a port.
  func dataPort() throws -> Int {
    let line = try say("EPSV", "229")
    guard let port = line.split(separator: "|").dropFirst().first.flatMap({ Int($0) }) else {
      throw TestFailure("no port in “\(line)”")
    }
    return port
  }

  /// Sends a transfer command, and connects to `port` with a ticket of this control connection, or with `ticket`.
  func startData(_ command: String, port: Int) throws -> RawConnection {
    try say(command, "150")
    let data = try RawConnection(port: port)
    // The tickets of TLS 1.3 come with the replies.
    guard let ticket = tickets.take() else { throw TestFailure("no ticket") }
    try data.startTLS(context, ticket: ticket, tickets: tickets)
    return data
  }

  func startData(_ command: String) throws -> RawConnection {
    try startData(command, port: dataPort())
  }

  /// All of a download or listing, which must be complete.
  func receive(_ command: String) throws -> [UInt8] {
    let data = try startData(command)
    let bytes = try data.readAll()
    try data.sayCloseNotify()
    try expect("226", after: command)
    return bytes
  }
}

/// Runs blocking steps on a thread of their own kind, so that the server keeps the others.
func blocking<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
  try await TestThreads.pool.runIfActive(body)
}

private enum TestThreads {
  static let pool: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 16)
    pool.start()
    return pool
  }()
}
