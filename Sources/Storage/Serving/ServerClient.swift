internal import GRDB
package import TLS

/// A certificate that a client showed to a server of ours, or that its owner added, and what was decided about it.
package struct ServerClient: Hashable, Sendable, Identifiable {
  package enum Decision: String, Hashable, Sendable, CaseIterable {
    /// Its owner has not decided yet.
    case pending
    case trusted
    case rejected
  }

  package let id: Int64
  package let certificate: Certificate
  package let decision: Decision
  /// The IP address that it came from last; empty where the owner added it.
  package let address: String
  /// Seconds since 1970.
  package let firstSeen: Int64
  package let lastSeen: Int64
  /// When it was trusted or rejected.
  package let decided: Int64?
}

extension ServerClient {
  /// Throws for a row that does not prove itself: a fingerprint beside another certificate is no trust.
  init(row: Row) throws {
    id = try row.read("id")
    certificate = try Certificate(der: row.bytes("certificate"))
    guard try certificate.sha256.bytes == row.bytes("fingerprint") else { throw SpoiltRow() }
    decision = try Decision(rawValue: row.read("state")).orSpoilt()
    address = try row.read("address")
    firstSeen = try row.read("first_seen")
    lastSeen = try row.read("last_seen")
    decided = try row.read("decided") as Int64?
  }
}
