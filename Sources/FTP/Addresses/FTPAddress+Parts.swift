extension FTPAddress {
  typealias Bytes = ArraySlice<UInt8>

  static func scheme(of text: Bytes) throws(FTPError) -> (mode: TLSMode, rest: Bytes) {
    guard looksLikeAddress(String(decoding: text, as: UTF8.self)), let colon = text.firstIndex(of: UInt8(ascii: ":"))
    else { throw .address(.noScheme(SafeText.excerpt(text))) }
    let scheme = String(decoding: text[..<colon], as: UTF8.self).lowercased()
    let rest = text[(colon + 3)...]
    switch scheme {
    case "ftpes", "ftp": return (.explicit, rest)
    case "ftps": return (.implicit, rest)
    default: throw .address(.unknownScheme(scheme))
    }
  }

  /// "user", "user:password"; what comes after the first ":" is the password.
  static func login(_ text: Bytes) throws(FTPError) -> (user: String, password: Secret?) {
    let name = text.prefix { $0 != UInt8(ascii: ":") }
    if name.isEmpty { throw .address(.emptyUser) }
    guard let user = String(validating: try decoded(name, "user name"), as: UTF8.self) else {
      throw .address(.userNotUTF8)
    }
    if name.count == text.count { return (user, nil) }
    // The error must not repeat the password.
    guard let password = PercentEncoding.decode(text.dropFirst(name.count + 1)) else {
      throw .address(.escape("the password"))
    }
    if hasControl(password) { throw .address(.forbidden(in: "password")) }
    return (user, Secret(utf8: password))
  }

  static func hostAndPort(_ text: Bytes, mode: TLSMode) throws(FTPError) -> (host: String, port: Int) {
    var host = text
    var port: Bytes?
    if text.first == UInt8(ascii: "[") {
      guard let close = text.firstIndex(of: UInt8(ascii: "]")) else { throw .address(.unclosedBracket) }
      host = try literal(text[(text.startIndex + 1)..<close])
      let rest = text[(close + 1)...]
      guard rest.isEmpty || rest.first == UInt8(ascii: ":") else { throw .address(.host(SafeText.excerpt(text))) }
      port = rest.isEmpty ? nil : rest.dropFirst()
    } else {
      if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
        host = text[..<colon]
        port = text[(colon + 1)...]
      }
      if port?.contains(UInt8(ascii: ":")) == true, HostSyntax.isIPv6(text) {
        throw .address(.bareIPv6(SafeText.excerpt(text)))
      }
      if host.isEmpty { throw .address(.noHost) }
      if host.contains(where: { $0 >= 0x80 }) { throw .address(.internationalHost(SafeText.excerpt(host))) }
      guard HostSyntax.isNameOrIPv4(host) else { throw .address(.host(SafeText.excerpt(host))) }
    }
    return (String(decoding: host, as: UTF8.self).lowercased(), try self.port(port, mode: mode))
  }

  static func decoded(_ text: Bytes, _ part: String) throws(FTPError) -> [UInt8] {
    guard let bytes = PercentEncoding.decode(text) else { throw .address(.escape(SafeText.excerpt(text))) }
    if hasControl(bytes) { throw .address(.forbidden(in: part)) }
    return bytes
  }

  /// What stands between brackets; RFC 6874 writes the "%" before a zone as "%25".
  private static func literal(_ text: Bytes) throws(FTPError) -> Bytes {
    var host = text
    if let percent = host.firstIndex(of: UInt8(ascii: "%")), host[percent...].starts(with: "%25".utf8) {
      host.removeSubrange((percent + 1)...(percent + 2))
    }
    guard HostSyntax.isIPv6(host) else { throw .address(.host(SafeText.excerpt(text))) }
    return host
  }

  private static func port(_ text: Bytes?, mode: TLSMode) throws(FTPError) -> Int {
    guard let text else { return mode.defaultPort }
    guard text.count <= 5, let port = number(text), 1...65_535 ~= port else {
      throw .address(.port(SafeText.excerpt(text)))
    }
    return Int(port)
  }

  /// CR, LF and NUL could not be sent, and no other control byte is there by intent.
  private static func hasControl(_ bytes: [UInt8]) -> Bool {
    bytes.contains { $0 < 0x20 || $0 == 0x7F }
  }
}
