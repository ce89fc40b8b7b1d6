internal import FTP
internal import TLS

/// What trust is given to: never more than one host, port and mode.
struct TrustKey: Hashable {
  let host: String
  let port: Int
  let mode: TLSMode

  /// However the host was written: "Example.ORG." is "example.org", "[::1]" is "::1".
  init(host: String, port: Int, mode: TLSMode) throws(StorageError) {
    precondition((1...65535).contains(port), "no port")
    guard let name = HostName(host) else { throw .invalidHost(host) }
    self.host = name.ascii.lowercased()
    self.port = port
    self.mode = mode
  }
}

/// A word by which a person names certificates.
struct TrustQuery {
  private let host: String?
  private let port: Int?
  /// Lower-case hexadecimal digits without anything between.
  private let digits: String?

  init(_ word: String) {
    let digits = word.lowercased().replacing("sha256:", with: "").replacing("sha-256:", with: "")
      .filter { $0 != ":" && $0 != " " }
    self.digits = (4...64).contains(digits.count) && digits.allSatisfy(\.isHexDigit) ? digits : nil
    if let colon = word.lastIndex(of: ":"), let port = Int(word[word.index(after: colon)...]),
      let name = HostName(String(word[..<colon])), !word[..<colon].contains(":") || word.hasPrefix("[")
    {
      (host, self.port) = (name.ascii.lowercased(), port)
    } else {
      (host, port) = (HostName(word)?.ascii.lowercased(), nil)
    }
  }

  func matches(host name: String, port number: Int) -> Bool {
    if let host { host == name && (port == nil || port == number) } else { false }
  }

  func matches(_ trusted: TrustedCertificate) -> Bool {
    if matches(host: trusted.host, port: trusted.port) { return true }
    guard let digits else { return false }
    return hexadecimal(trusted.pin).hasPrefix(digits) || hexadecimal(trusted.certificate.sha256).hasPrefix(digits)
  }

  private func hexadecimal(_ fingerprint: Fingerprint) -> String {
    fingerprint.description.dropFirst("SHA256:".count).filter { $0 != ":" }.lowercased()
  }
}
