import FTP
import Glibc
import NIOCore

/// Who can reach a server that listens on an address.
struct ServerReach {
  private let address: String
  /// Whether only this machine can.
  private let isLoopback: Bool
  /// Whether it listens on every address of this machine.
  private let isEverywhere: Bool

  /// - Throws: ``UsageProblem`` for what is no numeric address.
  init(_ address: String) throws {
    guard let socket = try? SocketAddress(ipAddress: address, port: 0), let text = socket.ipAddress else {
      throw UsageProblem(
        "--address: \(SafeText.escape(address)) is no numeric address, such as 192.0.2.7, 0.0.0.0 or ::1.")
    }
    self.address = text
    isLoopback = text == "::1" || text.hasPrefix("127.")
    isEverywhere = text == "::" || text == "0.0.0.0"
  }

  /// What clients write to reach it.
  var host: String { isEverywhere ? ServerKey.hostName : address }

  /// What its certificate is for, besides this machine's own names.
  var names: [String] { isLoopback ? [] : isEverywhere ? [ServerKey.hostName] : [address, ServerKey.hostName] }

  /// Nil where nobody else can.
  func warning(isReadOnly: Bool) -> String? {
    if isLoopback { return nil }
    let place = isEverywhere ? "this machine" : SafeText.escape(address)
    return "OPEN TO THE NETWORK: everybody who reaches \(place) can try to log in"
      + (isReadOnly ? " and, logged in, read these files." : " and, logged in, read, change and remove these files.")
  }
}
