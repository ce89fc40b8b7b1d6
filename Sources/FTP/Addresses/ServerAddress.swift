/// Where sessions go and as whom: without path and password.
package struct ServerAddress: Hashable, Codable, Sendable, CustomStringConvertible {
  /// A name in lower case, or an IP address; IPv6 without brackets.
  package let host: String
  /// 1...65535.
  package let port: Int
  package let mode: TLSMode
  /// Nil logs in as anonymous.
  package let user: String?

  /// `port` is the mode's own where it is left out.
  package init(host: String, port: Int? = nil, mode: TLSMode = .explicit, user: String? = nil) {
    self.host = host.lowercased()
    self.port = port ?? mode.defaultPort
    self.mode = mode
    self.user = user
  }

  /// Whether it is the same server, whoever logs in there.
  package func isSameServer(as other: ServerAddress) -> Bool {
    host == other.host && port == other.port && mode == other.mode
  }

  /// "ftpes://ada@files.example.org", with the port where it is not the usual one.
  package var description: String {
    var text = mode.scheme + "://"
    if let user { text += PercentEncoding.encode(user.utf8, keeping: PercentEncoding.userBytes) + "@" }
    let isIPv6 = host.utf8.contains(UInt8(ascii: ":"))
    text += isIPv6 ? "[" + PercentEncoding.encode(host.utf8, keeping: PercentEncoding.pathBytes) + "]" : host
    return port == mode.defaultPort ? text : text + ":\(port)"
  }
}
