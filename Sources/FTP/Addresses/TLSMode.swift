/// How a control connection comes to be protected.
package enum TLSMode: String, Hashable, Codable, Sendable, CaseIterable {
  /// Starts in plain text and changes to TLS with AUTH TLS, which is required (RFC 4217).
  case explicit
  /// TLS from the first byte on.
  case implicit
  /// Nothing is protected; only where a person asked for it in so many words.
  case plaintext

  package var defaultPort: Int {
    self == .implicit ? 990 : 21
  }

  /// As in addresses. The plaintext one reads back as explicit: an address alone never gives up protection.
  package var scheme: String {
    switch self {
    case .explicit: "ftpes"
    case .implicit: "ftps"
    case .plaintext: "ftp"
    }
  }
}
