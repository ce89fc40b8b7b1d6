/// An address as people write it: `ftpes://user@host:21/path`.
package struct FTPAddress: Equatable, Sendable, CustomStringConvertible {
  package var mode: TLSMode
  package var user: String?
  /// Never printed.
  package var password: Secret?
  /// A name in lower case, or an IP address; IPv6 without brackets.
  package var host: String
  /// 1...65535.
  package var port: Int
  /// From the server's root; nil means the folder that a login leads to.
  package var path: RemotePath?

  /// `ftpes://` is explicit TLS, `ftps://` implicit TLS, and `ftp://` explicit TLS too: an address never means plain
  /// text. User, password and path may be percent-encoded; an "@" in the user may stand as it is. "?" and "#" are part
  /// of a path. Throws `FTPError.address` with what to write instead, or `FTPError.invalidName`.
  package init(_ text: String) throws(FTPError) {
    let bytes = Array(text.utf8)
    let blanks: Set<UInt8> = [0x09, 0x0A, 0x0D, 0x20]
    let start = bytes.firstIndex { !blanks.contains($0) } ?? 0
    let trimmed = bytes[start..<max(start, (bytes.lastIndex { !blanks.contains($0) } ?? -1) + 1)]
    if trimmed.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw .address(.forbidden(in: "address")) }

    var rest: Bytes
    (mode, rest) = try Self.scheme(of: trimmed)
    let authority = rest.prefix { $0 != Self.slash }
    rest = rest.dropFirst(authority.count)

    var place = authority
    user = nil
    password = nil
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      place = authority[(at + 1)...]
      (user, password) = try Self.login(authority[..<at])
    }
    (host, port) = try Self.hostAndPort(place, mode: mode)
    path = rest.isEmpty ? nil : try RemotePath(Self.decoded(rest, "path"))
  }

  package init(server: ServerAddress, path: RemotePath? = nil, password: Secret? = nil) {
    mode = server.mode
    user = server.user
    self.password = password
    host = server.host
    port = server.port
    self.path = path
  }

  package var server: ServerAddress {
    ServerAddress(host: host, port: port, mode: mode, user: user)
  }

  /// The address without the password; reads back as the same address.
  package var description: String {
    server.description + (path.map { PercentEncoding.encode($0.bytes, keeping: PercentEncoding.pathBytes) } ?? "")
  }

  /// Whether `text` says it is an address, be it a right or a wrong one, and not a local folder.
  package static func looksLikeAddress(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon > text.utf8.startIndex else { return false }
    return text.utf8[..<colon].allSatisfy { isDigit($0) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= lowercased($0) }
      && text.utf8[colon...].starts(with: "://".utf8)
  }

  private static let slash = UInt8(ascii: "/")
}
