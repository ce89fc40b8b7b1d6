/// From how far away an address can be connected to, as far as its form tells.
package enum HostReach: Int, Comparable, Sendable {
  /// Loopback: from its own machine only.
  case machine
  /// Link-local, without the zone that would make it an address.
  case link
  /// Private (RFC 1918, RFC 6598, RFC 4193): from its own network.
  case site
  case everywhere

  /// - Parameter host: 4 bytes, or 16.
  /// - Returns: nil for what is nobody's own address: unspecified, multicast, broadcast.
  package init?(_ host: [UInt8]) {
    switch host.count {
    case 4: self.init(ipv4: host)
    case 16 where host[..<10].allSatisfy { $0 == 0 } && host[10] == 0xFF && host[11] == 0xFF:
      self.init(ipv4: Array(host[12...]))
    case 16: self.init(ipv6: host)
    default: return nil
    }
  }

  private init?(ipv4 host: [UInt8]) {
    switch (host[0], host[1]) {
    case (0, _), (224..., _): return nil
    case (127, _): self = .machine
    case (169, 254): self = .link
    case (10, _), (172, 16...31), (192, 168), (100, 64...127): self = .site
    default: self = .everywhere
    }
  }

  private init?(ipv6 host: [UInt8]) {
    if host[..<15].allSatisfy({ $0 == 0 }) {
      guard host[15] == 1 else { return nil }
      self = .machine
    } else if host[0] == 0xFF {
      return nil
    } else if host[0] == 0xFE, host[1] & 0xC0 == 0x80 {
      self = .link
    } else {
      self = host[0] & 0xFE == 0xFC ? .site : .everywhere
    }
  }

  package static func < (left: HostReach, right: HostReach) -> Bool { left.rawValue < right.rawValue }
}
