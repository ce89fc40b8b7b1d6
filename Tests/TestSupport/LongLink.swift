import Glibc
import Synchronization

/// A link to a server that takes its time, and that counts how often it was crossed: every byte and every connection
/// between a client and the server goes through it.
///
/// What is counted is not time but order. Each side has a count of crossings: the highest of all that have reached it.
/// What a side sends crosses with the next number, so that an answer has a higher one than its question, and things that
/// cross at the same time the same one. Making a TCP connection takes the client two crossings. At the end the client's
/// count is the length of the longest chain in which each crossing had to wait for the one before it, whatever the
/// machine was busy with. Half of it are the round trips. What the systems' TCP does among themselves, such as an
/// acknowledgement that a server waits for, is not among them.
package final class LongLink: Sendable {
  /// Where clients find the server, on its own ports.
  package let host: String
  private let delay: Duration
  private let stopping = Atomic(false)
  private let count = Atomic(0)
  private let thread = Mutex<pthread_t?>(nil)

  /// The client's crossings so far, as round trips.
  package var roundTrips: Double { Double(count.load(ordering: .acquiring)) / 2 }

  /// - Parameters:
  ///   - ports: those of the server at 127.0.0.1, for control and for passive data connections.
  ///   - delay: of one crossing.
  /// - Throws: `TestFailure` where a port of the server is not free at the other address.
  package init(to ports: [Int], delay: Duration = .milliseconds(2)) throws {
    // Any address of 127/8 is this machine; the last bytes keep links of several tests apart.
    let number = UInt32(0x7F0A_0001) + UInt32(getpid() & 0xFFF) << 8 + UInt32(ports[0] & 0xFF)
    host = [24, 16, 8, 0].map { String(number >> UInt32($0) & 255) }.joined(separator: ".")
    self.delay = delay
    let listeners = try ports.map { port in
      (descriptor: try Self.listen(number, port), port: port)
    }
    let box = Unmanaged.passRetained(
      Body { [self] in
        var crossings = Crossings(delay: self.delay, listeners: listeners)
        crossings.run(until: stopping, count: count)
      })
    var started = pthread_t()
    pthread_create(
      &started, nil,
      { argument in
        Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    thread.withLock { $0 = started }
  }

  /// Cuts everything.
  package func stop() {
    stopping.store(true, ordering: .releasing)
    if let thread = thread.withLock({ $0.take() }) { pthread_join(thread, nil) }
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private static func listen(_ address: UInt32, _ port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard PortBlock.withAddress(port, address, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 64) == 0
    else { throw TestFailure("port \(port) is taken at the link's address: \(String(cString: strerror(errno)))") }
    return descriptor
  }
}

/// What crosses a ``LongLink``, on one thread.
private struct Crossings {
  /// One TCP connection: the client's half of it and, once the news of it has crossed, the server's.
  struct Connection {
    let client: Int32
    let port: Int
    var server: Int32?
    /// The client cannot send before its connection is confirmed.
    let readyAt: ContinuousClock.Instant
    let readyCount: Int
    var hasEnded = (client: false, server: false)
  }

  enum Cargo {
    case connection
    case bytes([UInt8])
    case end
  }

  struct Crossing {
    var at: ContinuousClock.Instant
    var number: Int
    var connection: Int
    var toServer: Bool
    var cargo: Cargo
  }

  let delay: Duration
  let listeners: [(descriptor: Int32, port: Int)]
  private var connections: [Int: Connection] = [:]
  private var last = 0
  private var crossings: [Crossing] = []
  private var clientCount = 0
  private var serverCount = 0

  init(delay: Duration, listeners: [(descriptor: Int32, port: Int)]) {
    self.delay = delay
    self.listeners = listeners
  }

  mutating func run(until stopping: borrowing Atomic<Bool>, count: borrowing Atomic<Int>) {
    while !stopping.load(ordering: .acquiring) {
      deliver()
      count.store(clientCount, ordering: .releasing)
      collect()
    }
    for listener in listeners { close(listener.descriptor) }
    for connection in connections.values {
      close(connection.client)
      if let server = connection.server { close(server) }
    }
  }

  /// Waits for something to set out, or for the next arrival.
  private mutating func collect() {
    var polled = listeners.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    var sources: [(number: Int, fromClient: Bool)] = []
    for (number, connection) in connections {
      if !connection.hasEnded.client {
        polled.append(pollfd(fd: connection.client, events: Int16(POLLIN), revents: 0))
        sources.append((number, true))
      }
      if let server = connection.server, !connection.hasEnded.server {
        polled.append(pollfd(fd: server, events: Int16(POLLIN), revents: 0))
        sources.append((number, false))
      }
    }
    let next = crossings.first.map { max(.zero, $0.at - .now) } ?? .milliseconds(20)
    poll(&polled, nfds_t(polled.count), Int32((next / .milliseconds(1)).rounded(.up)))
    for (index, entry) in polled.enumerated() where entry.revents != 0 {
      if index < listeners.count {
        accept(listeners[index])
      } else {
        read(sources[index - listeners.count].number, sources[index - listeners.count].fromClient, entry.fd)
      }
    }
  }

  private mutating func accept(_ listener: (descriptor: Int32, port: Int)) {
    let client = Glibc.accept(listener.descriptor, nil, nil)
    guard client >= 0 else { return }
    Self.sendAtOnce(client)
    last += 1
    connections[last] = Connection(
      client: client, port: listener.port, readyAt: .now + delay * 2, readyCount: clientCount + 2)
    send(Crossing(at: .now + delay, number: clientCount + 1, connection: last, toServer: true, cargo: .connection))
  }

  private mutating func read(_ number: Int, _ fromClient: Bool, _ descriptor: Int32) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    guard let connection = connections[number], count >= 0 || errno != EAGAIN else { return }
    if count <= 0 {
      if fromClient { connections[number]?.hasEnded.client = true } else { connections[number]?.hasEnded.server = true }
    }
    let cargo: Cargo = count > 0 ? .bytes(Array(buffer[..<count])) : .end
    let start = fromClient ? max(.now, connection.readyAt) : .now
    let before = fromClient ? max(clientCount, connection.readyCount) : serverCount
    send(Crossing(at: start + delay, number: before + 1, connection: number, toServer: fromClient, cargo: cargo))
  }

  /// Sets out; whatever sets out later on the same way arrives later.
  private mutating func send(_ crossing: Crossing) {
    let index = crossings.lastIndex { $0.at <= crossing.at }.map { $0 + 1 } ?? 0
    crossings.insert(crossing, at: index)
  }

  private mutating func deliver() {
    while let crossing = crossings.first, crossing.at <= .now {
      crossings.removeFirst()
      if crossing.toServer {
        serverCount = max(serverCount, crossing.number)
      } else if case .bytes = crossing.cargo {
        // A connection's end is nothing that a client waits for once it has everything.
        clientCount = max(clientCount, crossing.number)
      }
      arrive(crossing)
    }
  }

  private mutating func arrive(_ crossing: Crossing) {
    guard let connection = connections[crossing.connection] else { return }
    let target = crossing.toServer ? connection.server : connection.client
    switch crossing.cargo {
    case .connection:
      let server = PortBlock.connected(to: connection.port)
      if let server {
        Self.sendAtOnce(server)
        connections[crossing.connection]?.server = server
      } else {
        finish(crossing.connection)
      }
    case .bytes(let bytes):
      var rest = bytes[...]
      while let target, !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count <= 0 { break }
        rest = rest.dropFirst(count)
      }
    case .end:
      if let target { shutdown(target, Int32(SHUT_WR)) }
      if connection.hasEnded.client && connection.hasEnded.server,
        !crossings.contains(where: { $0.connection == crossing.connection })
      {
        finish(crossing.connection)
      }
    }
  }

  /// The link itself holds nothing back.
  private static func sendAtOnce(_ descriptor: Int32) {
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
  }

  private mutating func finish(_ number: Int) {
    guard let connection = connections.removeValue(forKey: number) else { return }
    close(connection.client)
    if let server = connection.server { close(server) }
  }
}
