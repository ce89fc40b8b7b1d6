/// How two servers make a data connection between themselves (FXP), which is encrypted in any case.
///
/// In TCP one of them waits and the other one connects; in TLS one of them has to be the client, which no server is of
/// its own accord (RFC 4217 section 7). The two roles are independent of one another.
package struct FXPRoute: Hashable, Sendable {
  package enum Side: Hashable, Sendable, CaseIterable {
    case source, target

    package var other: Side { self == .source ? .target : .source }
  }

  /// How a server is made the TLS client.
  package enum Negotiation: Hashable, Sendable {
    /// `SSCN ON` before EPSV or EPRT.
    case sscn
    /// `CPSV` instead of EPSV.
    case cpsv
  }

  /// Who waits for the other's connection.
  package let passive: Side
  package let tlsClient: Side
  package let negotiation: Negotiation

  package init(passive: Side, tlsClient: Side, by negotiation: Negotiation) {
    self.passive = passive
    self.tlsClient = tlsClient
    self.negotiation = negotiation
  }

  /// All routes that are worth a try, the best first.
  ///
  /// The target is preferred as the TLS client. In TLS 1.3 the server of a handshake sends tickets; a client that only
  /// sends a file never reads them, and its system then resets the connection at its end, with which the last bytes
  /// are lost (ProFTPD 1.3.8 with itself and with vsftpd). A TLS client is best the active one, because the passive one
  /// does then what it does for every client.
  ///
  /// - Throws: ``FXPObstacle`` where there is none.
  package static func routes(from source: FXPParty, to target: FXPParty) throws(FXPObstacle) -> [FXPRoute] {
    guard source.isEncrypted, target.isEncrypted else { throw .plaintext }
    let parties: [Side: FXPParty] = [.source: source, .target: target]
    guard parties.values.contains(where: { $0.hasSSCN || $0.hasCPSV }) else { throw .noTLSClient }
    guard let sourceHost = source.host, let targetHost = target.host, sourceHost.count == targetHost.count else {
      throw .unlikeAddresses
    }
    let routes = [Side.target, .source].flatMap { client in
      let party = client == .target ? target : source
      let all = [
        FXPRoute(passive: client.other, tlsClient: client, by: .sscn),
        FXPRoute(passive: client, tlsClient: client, by: .cpsv),
        FXPRoute(passive: client, tlsClient: client, by: .sscn),
      ]
      return all.filter { $0.negotiation == .sscn ? party.hasSSCN : party.hasCPSV }
    }
    let reachable = routes.filter { route in
      route.passive == .source ? canReach(sourceHost, from: targetHost) : canReach(targetHost, from: sourceHost)
    }
    guard !reachable.isEmpty else { throw .outOfReach }
    return reachable
  }

  /// Whether a host could connect to another one's address, and would meet that one there. A server that is told to
  /// connect to a loopback or private address which is another machine's meets whoever has that address in its own
  /// network.
  private static func canReach(_ host: [UInt8], from other: [UInt8]) -> Bool {
    guard let reach = HostReach(host), let others = HostReach(other) else { return false }
    return reach != .link && reach >= others
  }
}

/// What is to be known of a server that another one is to exchange a file with.
package struct FXPParty: Hashable, Sendable {
  package var isEncrypted: Bool
  package var hasSSCN: Bool
  package var hasCPSV: Bool
  /// The address that its control connection has: 4 bytes, or 16. No other one is ever told to another server, whatever
  /// a 227 states.
  package var host: [UInt8]?

  package init(mode: TLSMode, features: Features, host: [UInt8]?) {
    isEncrypted = mode != .plaintext
    hasSSCN = features.sscn
    hasCPSV = features.cpsv
    self.host = host
  }
}

/// Why two servers cannot be asked to exchange a file between themselves.
package enum FXPObstacle: Error, Hashable, Sendable, CustomStringConvertible {
  /// One of the sessions is not encrypted.
  case plaintext
  /// Neither offers SSCN or CPSV.
  case noTLSClient
  /// One is reached by IPv4 and the other one by IPv6.
  case unlikeAddresses
  /// The address of neither has a meaning for the other one.
  case outOfReach

  /// A clause for people, which follows "because".
  package var description: String {
    switch self {
    case .plaintext: "one of them is not reached with TLS"
    case .noTLSClient: "neither of them offers SSCN or CPSV"
    case .unlikeAddresses: "one of them is reached by IPv4 and the other one by IPv6"
    case .outOfReach: "neither of them could reach the other one at the address that this machine knows it by"
    }
  }
}
