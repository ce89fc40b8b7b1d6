import Glibc

/// A hundred TCP ports of 127.0.0.1 for one server: the first for its control connections, others for passive data
/// connections. Free again when the value goes.
///
/// They lie below the ephemeral range, so that no outgoing connection takes one. What is taken is known between
/// processes and users without any file: the owner of a block listens on its first port at another loopback address.
package final class PortBlock: Sendable {
  /// The port to listen on.
  package let control: Int
  /// Ports for passive data connections.
  package let passive: ClosedRange<Int>
  private let lock: Int32

  /// Takes a block of which every port can be bound.
  package init() throws {
    // Runs at the same time start at different places, so that they seldom meet.
    let starts = Array(stride(from: 20_000, to: 32_600, by: 100))
    let first = Int.random(in: 0..<starts.count)
    for start in starts[first...] + starts[..<first] {
      guard let lock = Self.bound(start, address: 0x7f4d_4d4d) else { continue }
      if (start..<start + 100).allSatisfy(Self.isFree) {
        self.lock = lock
        control = start
        passive = start + 10...start + 99
        return
      }
      close(lock)
    }
    throw TestFailure("no hundred free ports between 20000 and 32600")
  }

  deinit { close(lock) }

  /// A further port of the block, 1...9, for a second listener.
  package func extra(_ number: Int) -> Int {
    precondition((1...9).contains(number))
    return control + number
  }

  /// Whether something accepts connections on that port of a host, in numbers.
  package static func accepts(_ port: Int, of host: String = "127.0.0.1") -> Bool {
    guard let descriptor = connected(to: port, of: host) else { return false }
    close(descriptor)
    return true
  }

  /// A connection to that port, to be closed by the caller; nil where nothing listens.
  static func connected(to port: Int, of host: String = "127.0.0.1") -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if withAddress(port, UInt32(bigEndian: inet_addr(host)), { connect(descriptor, $0, $1) }) == 0 { return descriptor }
    close(descriptor)
    return nil
  }

  private static func isFree(_ port: Int) -> Bool {
    guard let descriptor = bound(port, address: 0x7f00_0001) else { return false }
    close(descriptor)
    return true
  }

  private static func bound(_ port: Int, address: UInt32) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    // Ports in TIME_WAIT count as free: every server sets this option.
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let status = withAddress(port, address) { bind(descriptor, $0, $1) }
    // With the option two may bind the same port, but only one may listen.
    guard status == 0, listen(descriptor, 1) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  static func withAddress(
    _ port: Int, _ address: UInt32, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = UInt16(port).bigEndian
    name.sin_addr.s_addr = address.bigEndian
    return withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}
