internal import GRDB
internal import Glibc
package import TLS

/// The certificates of a server's clients: waiting for a decision, trusted, or rejected.
package struct ServerClients: Sendable {
  let state: ServerState

  /// Certificates that wait for a decision at most, in all and from one address. More are refused without being kept, so
  /// that nobody fills the disk, or pushes out who waits already.
  package static let pendingLimit = 128
  package static let pendingLimitPerAddress = 8
  /// The longest certificate that is kept, in bytes.
  package static let sizeLimit = 16 << 10
  /// Seconds after which one that nobody decided on, and that came no more, makes room for others.
  package static let pendingLife: Int64 = 30 * 24 * 60 * 60

  /// What is known of a certificate; nil where nothing is.
  package func find(_ fingerprint: Fingerprint) throws(StorageError) -> ServerClient? {
    try state.read { try Self.row($0, fingerprint).map(ServerClient.init(row:)) }
  }

  /// Keeps an unknown certificate for the owner to decide on; of one that is known only the time and the address change,
  /// once a minute at most.
  ///
  /// - Returns: nil where there is no room for it.
  package func knock(_ certificate: Certificate, from address: String) throws(StorageError) -> ServerClient? {
    let now = state.now
    if let known = try find(certificate.sha256), known.address == address, (0..<60).contains(now - known.lastSeen) {
      return known
    }
    guard certificate.der.count <= Self.sizeLimit else { return nil }
    return try state.write { db in
      if try Self.row(db, certificate.sha256) == nil, try !Self.makeRoom(db, for: address, now: now) { return nil }
      let row = try Row.fetchOne(
        db,
        sql: """
          INSERT INTO client (fingerprint, certificate, state, address, first_seen, last_seen)
          VALUES (?, ?, 'pending', ?, ?, ?)
          ON CONFLICT (fingerprint) DO UPDATE SET address = excluded.address, last_seen = excluded.last_seen
          RETURNING *
          """,
        arguments: [blob(certificate.sha256.bytes), blob(certificate.der), address, now, now])
      return try ServerClient(row: row.orSpoilt())
    }
  }

  /// Remembers a decision about a certificate, whether it was seen before or not.
  @discardableResult
  package func decide(
    _ decision: ServerClient.Decision, about certificate: Certificate
  ) throws(StorageError) -> ServerClient {
    let now = state.now
    return try state.write { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          INSERT INTO client (fingerprint, certificate, state, address, first_seen, last_seen, decided)
          VALUES (?1, ?2, ?3, '', ?4, ?4, ?4)
          ON CONFLICT (fingerprint) DO UPDATE SET state = excluded.state, decided = excluded.decided
          RETURNING *
          """,
        arguments: [blob(certificate.sha256.bytes), blob(certificate.der), decision.rawValue, now])
      return try ServerClient(row: row.orSpoilt())
    }
  }

  /// All of them: those that wait first, then the newest.
  package func list() throws(StorageError) -> [ServerClient] {
    try state.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM client ORDER BY state = 'pending' DESC, last_seen DESC, id DESC")
        .compactMap { try? ServerClient(row: $0) }
    }
  }

  /// Those that a person means by a word: the number in the list, or the first digits (at least four) of the SHA-256
  /// fingerprint, in any way of writing it.
  package func find(_ word: String) throws(StorageError) -> [ServerClient] {
    let digits = word.lowercased().replacing("sha256:", with: "").filter { $0 != ":" && $0 != " " }
    return try list().filter { client in
      if Int64(word) == client.id { return true }
      guard digits.count >= 4 else { return false }
      return client.certificate.sha256.description.dropFirst("SHA256:".count).lowercased().filter { $0 != ":" }
        .hasPrefix(digits)
    }
  }

  /// Forgets it: the next time it is unknown again.
  ///
  /// - Returns: false where it was gone already.
  @discardableResult
  package func remove(_ id: ServerClient.ID) throws(StorageError) -> Bool {
    try state.write { db in
      try db.execute(sql: "DELETE FROM client WHERE id = ?", arguments: [id])
      return db.changesCount > 0
    }
  }

  private static func row(_ db: Database, _ fingerprint: Fingerprint) throws -> Row? {
    try Row.fetchOne(db, sql: "SELECT * FROM client WHERE fingerprint = ?", arguments: [blob(fingerprint.bytes)])
  }

  private static func makeRoom(_ db: Database, for address: String, now: Int64) throws -> Bool {
    try db.execute(
      sql: "DELETE FROM client WHERE state = 'pending' AND last_seen < ?", arguments: [now - pendingLife])
    let waiting = try Int.fetchOne(db, sql: "SELECT count(*) FROM client WHERE state = 'pending'") ?? 0
    let own = network(of: address)
    let ofAddress =
      try String.fetchAll(db, sql: "SELECT address FROM client WHERE state = 'pending'")
      .count { network(of: $0) == own }
    return waiting < pendingLimit && ofAddress < pendingLimitPerAddress
  }

  /// What one subscriber has: an IPv4 address, or the first half of an IPv6 one, of which they choose the rest themselves.
  package static func network(of address: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, address, &bytes) == 1 else { return Array(address.utf8) }
    let isMappedIPv4 = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    return isMappedIPv4 ? bytes : Array(bytes[..<8])
  }
}
