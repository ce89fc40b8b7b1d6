import Glibc

/// The first reply of a server.
enum ServerGreeting {
  /// Connects once, and says whether a 220 comes within two seconds.
  static func isHeard(on port: Int, of host: String = "127.0.0.1") async -> Bool {
    guard let descriptor = PortBlock.connected(to: port, of: host) else { return false }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4)
    let heard = try? await eventually(within: .seconds(2), every: .milliseconds(2)) {
      recv(descriptor, &bytes, 3, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 3
    }
    return heard == true && bytes.starts(with: Array("220".utf8))
  }
}
