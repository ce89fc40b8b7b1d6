/// A digest that servers can compute of their files, the strongest first; the raw value is its name in FEAT, OPTS HASH and
/// HASH replies.
package enum HashAlgorithm: String, Hashable, Sendable, CaseIterable {
  case sha512 = "SHA-512"
  case sha256 = "SHA-256"
  case sha1 = "SHA-1"
  case md5 = "MD5"
  case crc32 = "CRC32"

  /// In any case, with or without the hyphen.
  package init?(_ name: some Collection<UInt8>) {
    let plain = name.filter { $0 != UInt8(ascii: "-") }.map(lowercased)
    let found = Self.allCases.first { $0.rawValue.utf8.filter { $0 != UInt8(ascii: "-") }.map(lowercased) == plain }
    guard let found else { return nil }
    self = found
  }

  /// Bytes of a digest.
  package var length: Int {
    switch self {
    case .sha512: 64
    case .sha256: 32
    case .sha1: 20
    case .md5: 16
    case .crc32: 4
    }
  }

  /// The older command for this digest alone.
  var checksumVerb: String {
    switch self {
    case .sha512: "XSHA512"
    case .sha256: "XSHA256"
    case .sha1: "XSHA1"
    case .md5: "XMD5"
    case .crc32: "XCRC"
    }
  }
}
