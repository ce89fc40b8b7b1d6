import Glibc
import TLS
import TestSupport

/// A TCP connection to loopback with TLS at will, in plain blocking calls: for what no decent client does.
final class RawConnection {
  private let descriptor: CInt
  private(set) var tls: TLSSession?
  private var pending: [UInt8] = []

  /// `source` is the loopback address to come from. Every wait ends after ten seconds.
  init(port: Int, from source: String = "127.0.0.1") throws {
    descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard Self.with(source, 0, { bind(descriptor, $0, $1) }) == 0,
      Self.with("127.0.0.1", port, { connect(descriptor, $0, $1) }) == 0
    else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw TestFailure("no connection: \(reason)")
    }
  }

  /// Takes over a connection that was accepted.
  init(accepted descriptor: CInt) {
    self.descriptor = descriptor
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(descriptor)
  }

  fileprivate static func with(
    _ address: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
  ) -> CInt {
    var raw = sockaddr_in()
    raw.sin_family = sa_family_t(AF_INET)
    raw.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, address, &raw.sin_addr)
    return withUnsafePointer(to: &raw) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  // MARK: TLS

  /// Whatever certificate comes is accepted.
  func startTLS(_ context: TLSContext, ticket: TLSTicket? = nil, tickets: TicketStore? = nil) throws {
    let session = TLSSession(client: context, serverName: "localhost", ticket: ticket, tickets: tickets)
    tls = session
    while true {
      let step = try session.handshake()
      try flush()
      switch step {
      case .complete: return
      case .needsVerdict: session.answer(accepted: true)
      case .wantsPeer: try receive()
      }
    }
  }

  /// Ends our half of TLS in order.
  func sayCloseNotify() throws {
    tls?.sendCloseNotify()
    try flush()
  }

  /// Ends our half of TCP without a word.
  func endOutput() {
    shutdown(descriptor, CInt(SHUT_WR))
  }

  private func flush() throws {
    guard let tls, tls.pendingCiphertextCount > 0 else { return }
    let bytes = tls.withPendingCiphertext { Array($0) }
    tls.dropPendingCiphertext(bytes.count)
    try sendRaw(bytes)
  }

  private func receive() throws {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0 { throw TestFailure("cannot read: \(String(cString: strerror(errno)))") }
    guard let tls else {
      if count == 0 { throw TestFailure("the connection ended") }
      pending += buffer[..<count]
      return
    }
    if count == 0 { tls.endOfInput() } else { buffer[..<count].withUnsafeBytes { tls.receive($0) } }
  }

  // MARK: Bytes

  func send(_ bytes: [UInt8]) throws {
    guard let tls else { return try sendRaw(bytes) }
    try bytes.withUnsafeBytes { try tls.write($0) }
    try flush()
  }

  /// Past TLS, straight to TCP.
  func sendRaw(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
      if count <= 0 { throw TestFailure("cannot send: \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(count)
    }
  }

  /// All up to the peer's close_notify. Throws `TLSError.truncated` for another end.
  func readAll(limit: Int = .max) throws -> [UInt8] {
    guard let tls else { preconditionFailure("only over TLS") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count < limit {
      switch try buffer.withUnsafeMutableBytes({ try tls.read(into: $0) }) {
      case .bytes(let count): bytes += buffer[..<count]
      case .wantsPeer: try receive()
      case .closeNotify: return bytes
      }
    }
    return bytes
  }

  /// One line without its end.
  func line() throws -> String {
    while true {
      if let end = pending.firstIndex(of: 0x0A) {
        let line = pending[..<end]
        pending.removeFirst(end + 1)
        return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
      }
      guard let tls else {
        try receive()
        continue
      }
      var buffer = [UInt8](repeating: 0, count: 4096)
      switch try buffer.withUnsafeMutableBytes({ try tls.read(into: $0) }) {
      case .bytes(let count): pending += buffer[..<count]
      case .wantsPeer: try receive()
      case .closeNotify: throw TestFailure("the connection ended in order")
      }
    }
  }
}

/// A port of loopback where a client waits for the server to call.
final class RawListener {
  private let descriptor: CInt
  let port: Int

  init(address: String = "127.0.0.1") throws {
    let opened = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    descriptor = opened
    guard RawConnection.with(address, 0, { bind(opened, $0, $1) }) == 0, listen(opened, 4) == 0 else {
      throw TestFailure("cannot listen: \(String(cString: strerror(errno)))")
    }
    var raw = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &raw) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(opened, $0, &size) }
    }
    port = Int(UInt16(bigEndian: raw.sin_port))
  }

  deinit { close(descriptor) }

  /// Whether somebody has come.
  var hasVisitor: Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 0) > 0
  }

  /// The connection of who calls, within ten seconds.
  func accept() throws -> RawConnection {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 10_000) > 0 else { throw TestFailure("nobody called") }
    let accepted = Glibc.accept(descriptor, nil, nil)
    guard accepted >= 0 else { throw TestFailure("cannot accept: \(String(cString: strerror(errno)))") }
    return RawConnection(accepted: accepted)
  }
}
