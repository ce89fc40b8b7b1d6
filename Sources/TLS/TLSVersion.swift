internal import COpenSSL

/// A version of TLS that is still safe to use (RFC 8996).
package enum TLSVersion: Int, Comparable, Hashable, Sendable, CustomStringConvertible {
  case tls12 = 0x0303
  case tls13 = 0x0304

  package static func < (left: Self, right: Self) -> Bool {
    left.rawValue < right.rawValue
  }

  /// "TLS 1.3"
  package var description: String {
    switch self {
    case .tls12: "TLS 1.2"
    case .tls13: "TLS 1.3"
    }
  }
}
