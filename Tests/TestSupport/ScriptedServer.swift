import Glibc
import Synchronization
package import TLS

/// A server on loopback that does what a script says, to the byte: what no well-behaved server would do.
///
/// Every control connection runs the script on a thread of its own, with plain blocking sockets.
package final class ScriptedServer: Sendable {
  package let port: Int
  private let listener: Int32
  private let problems = Problems()

  /// - Parameter script: plays one control connection; what it throws is kept in ``scriptProblems``.
  package init(_ script: @escaping @Sendable (Peer) throws -> Void) throws {
    let (descriptor, port) = try Sockets.listen()
    listener = descriptor
    self.port = port
    spawn { [problems] in
      while true {
        let accepted = accept(descriptor, nil, nil)
        guard accepted >= 0 else {
          // Here alone: closed by anybody else, its number could be another server's listener before this one asks again.
          Glibc.close(descriptor)
          return
        }
        spawn {
          let peer = Peer(accepted)
          do { try script(peer) } catch { problems.add("\(error)") }
          peer.close()
        }
      }
    }
  }

  /// Where a script and the client disagreed.
  package var scriptProblems: [String] { problems.all }

  private final class Problems: Sendable {
    private let list = Mutex<[String]>([])
    var all: [String] { list.withLock { $0 } }
    func add(_ problem: String) { list.withLock { $0.append(problem) } }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}

/// One connection as the script sees it.
package final class Peer: @unchecked Sendable {
  // Only the script's own thread touches it.
  private let descriptor: Int32
  private var session: TLSSession?
  private let scope: ResumptionScope
  private var received: [UInt8] = []

  init(_ descriptor: Int32, scope: ResumptionScope = ResumptionScope()) {
    self.descriptor = descriptor
    self.scope = scope
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  package struct Surprise: Error, CustomStringConvertible {
    package var description: String
  }

  package func close() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    Glibc.close(descriptor)
  }

  /// Ends TCP with a reset.
  package func reset() {
    var value = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    Glibc.close(descriptor)
  }

  package func send(_ text: String) throws { try send(Array(text.utf8)) }

  package func send(_ bytes: [UInt8]) throws {
    guard let session else { return try write(bytes) }
    try bytes.withUnsafeBytes { try session.write($0) }
    try flush(session)
  }

  /// Writes past TLS.
  package func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Surprise(description: "the client closed") }
      rest = rest.dropFirst(count)
    }
  }

  /// The next command, which has to begin with `prefix`.
  @discardableResult
  package func expect(_ prefix: String) throws -> String {
    let line = try line()
    guard line.hasPrefix(prefix) else { throw Surprise(description: "expected \(prefix), got \(line)") }
    return line
  }

  package func line() throws -> String {
    while true {
      if let end = received.firstIndex(of: 0x0A) {
        let line = String(decoding: received[..<end], as: UTF8.self)
        received.removeFirst(end + 1)
        return line.hasSuffix("\r") ? String(line.dropLast()) : line
      }
      guard let bytes = try read() else { throw Surprise(description: "the client closed") }
      received += bytes
    }
  }

  /// Reads to the client's orderly end, or to the end of TCP.
  package func readToEnd() throws -> [UInt8] {
    while let bytes = try read() { received += bytes }
    defer { received = [] }
    return received
  }

  /// Waits until the client closes, whatever it still says.
  package func waitForEnd() { while (try? read()) != nil {} }

  // MARK: TLS

  package func startTLS(_ context: TLSContext) throws {
    let session = TLSSession(server: context, scope: scope)
    self.session = session
    while true {
      let progress: TLSSession.Handshake
      do { progress = try session.handshake() } catch {
        // The alert that says why belongs to the client, whose bytes on the way must not turn it into a reset.
        try flush(session)
        shutdown(descriptor, Int32(SHUT_WR))
        while (try? readRaw()) != nil {}
        throw error
      }
      try flush(session)
      if progress == .complete { return }
      try feed(session)
    }
  }

  package func sendCloseNotify() throws {
    guard let session else { return }
    session.sendCloseNotify()
    try flush(session)
  }

  package var isResumed: Bool { session?.isResumed ?? false }

  private func read() throws -> [UInt8]? {
    guard let session else { return try readRaw() }
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      switch try buffer.withUnsafeMutableBytes({ try session.read(into: $0) }) {
      case .bytes(let count): return Array(buffer[..<count])
      case .closeNotify: return nil
      case .wantsPeer:
        try flush(session)
        try feed(session)
      }
    }
  }

  private func feed(_ session: TLSSession) throws {
    guard let bytes = try readRaw() else {
      session.endOfInput()
      return
    }
    bytes.withUnsafeBytes { session.receive($0) }
  }

  private func readRaw() throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0 { throw Surprise(description: "nothing came from the client: \(String(cString: strerror(errno)))") }
    return count == 0 ? nil : Array(buffer[..<count])
  }

  private func flush(_ session: TLSSession) throws {
    var bytes: [UInt8] = []
    session.withPendingCiphertext { bytes = Array($0) }
    session.dropPendingCiphertext(bytes.count)
    if !bytes.isEmpty { try write(bytes) }
  }
}

/// A listening socket for data connections of a script.
package final class DataListener {
  package let port: Int
  private let descriptor: Int32

  package init() throws { (descriptor, port) = try Sockets.listen() }

  package func accept() -> Peer { Peer(Glibc.accept(descriptor, nil, nil)) }

  deinit { Glibc.close(descriptor) }
}

enum Sockets {
  static func listen() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 && Glibc.listen(descriptor, 16) == 0
          && getsockname(descriptor, pointer, &length) == 0
      }
    }
    guard bound else { throw Peer.Surprise(description: "no port to listen on") }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }
}

/// Runs a blocking script on a thread of its own, out of the way of the cooperative pool.
func spawn(_ body: @escaping @Sendable () -> Void) {
  let box = Unmanaged.passRetained(Body(body))
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    }, box.toOpaque())
  pthread_detach(thread)
}

private final class Body: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
