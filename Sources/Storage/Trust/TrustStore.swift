package import FTP
internal import GRDB
package import TLS

/// The certificates that the user accepted for good, each for one host, port and mode.
///
/// Every call asks the database, so that an answer given in another running copy counts at once. Every change is on the
/// disk when the call returns. All calls throw what `FerryDatabase.open` does.
package struct TrustStore: Sendable {
  let database: FerryDatabase
  /// Longer chains are not worth keeping; nobody looks at them.
  private static let mostIssuers = 10

  /// What is known about the chain that a server showed, leaf first.
  ///
  /// An issuer that was accepted counts only where its signature is proved, and where names, dates and uses of the chain
  /// are right for the host.
  ///
  /// - Throws: `StorageError.invalidHost`, `StorageError.spoiltTrust` where nothing that is whole trusts the chain and
  ///   something is damaged, and what opening does. Then nothing is known, and nothing is trusted.
  package func verdict(
    host: String, port: Int, mode: TLSMode, chain: [Certificate]
  ) throws(StorageError) -> TrustVerdict {
    let key = try TrustKey(host: host, port: port, mode: mode)
    let (known, isSpoilt) = try database.read { try Self.all($0, of: key) }
    if let match = Self.match(known, chain, key, at: database.now) { return .trusted(match) }
    // What was known may have been another certificate: then the server is no new one.
    if isSpoilt { throw .spoiltTrust(host: key.host, port: key.port) }
    return known.isEmpty ? .unknown : .changed(previous: known)
  }

  private static func match(
    _ known: [TrustedCertificate], _ chain: [Certificate], _ key: TrustKey, at now: Int64
  ) -> TrustedCertificate? {
    guard let leaf = chain.first else { return nil }
    let pins = [TrustedCertificate.Kind.certificate: leaf.sha256, .key: leaf.publicKeySHA256]
    if let match = known.first(where: { pins[$0.kind] == $0.pin }) { return match }
    return known.first { trusted in
      guard trusted.kind == .issuer, let issuer = trusted.issuers.first else { return false }
      return ChainCheck.isProven(chain, by: issuer, host: key.host, at: now)
    }
  }

  /// Whether a certificate or its key was accepted itself: the short form of `verdict` for a session that was judged
  /// before. No is not yet a verdict, as its issuer may have been accepted.
  ///
  /// - Throws: as `verdict` does.
  package func accepts(
    _ leaf: Certificate, host: String, port: Int, mode: TLSMode
  ) throws(StorageError) -> Bool {
    let key = try TrustKey(host: host, port: port, mode: mode)
    return try database.read { db in
      let statement = try db.cachedStatement(
        sql: "SELECT kind, pin FROM trusted WHERE host = ? AND port = ? AND mode = ?")
      let rows = try Row.fetchAll(statement, arguments: [key.host, key.port, key.mode.rawValue])
      return try rows.contains { row in
        let pin = try row.bytes("pin")
        return switch TrustedCertificate.Kind(rawValue: try row.read("kind")) {
        case .certificate: pin == leaf.sha256.bytes
        case .key: pin == leaf.publicKeySHA256.bytes
        case .issuer, nil: false
        }
      }
    }
  }

  /// Accepts a chain's leaf from now on, beside what was accepted before (several machines may answer for one host).
  /// What was accepted already keeps its first date and note.
  ///
  /// - Parameter chain: leaf first, not empty.
  @discardableResult
  package func remember(
    host: String, port: Int, mode: TLSMode, chain: [Certificate], kind: TrustedCertificate.Kind = .certificate,
    note: String = ""
  ) throws(StorageError) -> TrustedCertificate {
    try replace([], host: host, port: port, mode: mode, chain: chain, kind: kind, note: note)
  }

  /// Accepts a chain's leaf in place of others, all in one step.
  ///
  /// - Parameter previous: what the user saw as the old ones; what another copy accepted meanwhile stays.
  /// - Parameter chain: leaf first, not empty; for the kind `issuer` with the issuer second. Who accepts an issuer has
  ///   proved before that it signed the leaf.
  @discardableResult
  package func replace(
    _ previous: [TrustedCertificate], host: String, port: Int, mode: TLSMode, chain: [Certificate],
    kind: TrustedCertificate.Kind = .certificate, note: String = ""
  ) throws(StorageError) -> TrustedCertificate {
    guard let leaf = chain.first else { preconditionFailure("no certificate to trust") }
    let key = try TrustKey(host: host, port: port, mode: mode)
    let pin: Fingerprint
    switch kind {
    case .certificate: pin = leaf.sha256
    case .key: pin = leaf.publicKeySHA256
    case .issuer:
      precondition(chain.count > 1, "no issuer to trust")
      pin = chain[1].sha256
    }
    let now = database.now
    let issuers = chain.dropFirst().prefix(Self.mostIssuers).map(\.der)
    return try database.write { db in
      for old in previous {
        try db.execute(sql: "DELETE FROM trusted WHERE id = ? AND pin <> ?", arguments: [old.id, blob(pin.bytes)])
      }
      let row = try Row.fetchOne(
        db,
        sql: """
          INSERT INTO trusted
            (host, port, mode, kind, pin, key_sha256, certificate, chain, note, first_seen, last_seen)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (host, port, mode, kind, pin) DO UPDATE SET
            key_sha256 = excluded.key_sha256, certificate = excluded.certificate, chain = excluded.chain,
            last_seen = excluded.last_seen, note = CASE excluded.note WHEN '' THEN note ELSE excluded.note END
          RETURNING *
          """,
        arguments: [
          key.host, key.port, key.mode.rawValue, kind.rawValue, blob(pin.bytes), blob(leaf.publicKeySHA256.bytes),
          blob(leaf.der), blob(CertificateList.encode(issuers)), note, now, now,
        ])
      return try TrustedCertificate(row: row.orSpoilt())
    }
  }

  /// Notes that a server showed a chain that is trusted by `trusted`, and that somebody goes on to log in. The shown
  /// certificate takes the place of an earlier one with the same key or issuer, so that the next change is compared with
  /// it. Written at most once a minute, unless the certificate is a new one; lost with the power, it costs nothing.
  ///
  /// - Parameter chain: what the server showed, leaf first; nil keeps what is there.
  package func touch(_ trusted: TrustedCertificate, chain: [Certificate]? = nil) throws(StorageError) {
    let now = database.now
    let leaf = chain?.first ?? trusted.certificate
    if leaf == trusted.certificate, let last = trusted.lastUsed, (0..<60).contains(now - last) { return }
    var issuers = trusted.issuers
    if leaf != trusted.certificate, let chain {
      issuers = Array(chain.dropFirst())
      // The accepted issuer stays the first: it is what is judged by.
      if trusted.kind == .issuer { issuers = trusted.issuers.prefix(1) + issuers.filter { $0 != trusted.issuers[0] } }
    }
    let stored = issuers.prefix(Self.mostIssuers).map(\.der)
    try database.write(.written) { db in
      try db.execute(
        sql: """
          UPDATE trusted SET last_seen = max(last_seen, ?1), last_used = ?1, certificate = ?3, key_sha256 = ?4, chain = ?5
          WHERE id = ?2
          """,
        arguments: [
          now, trusted.id, blob(leaf.der), blob(leaf.publicKeySHA256.bytes), blob(CertificateList.encode(stored)),
        ])
    }
  }

  /// Changes the user's own words.
  ///
  /// - Returns: false where it is there no more.
  @discardableResult
  package func setNote(_ note: String, of id: TrustedCertificate.ID) throws(StorageError) -> Bool {
    try database.write { db in
      try db.execute(sql: "UPDATE trusted SET note = ? WHERE id = ?", arguments: [note, id])
      return db.changesCount > 0
    }
  }

  /// All of them, by host, port, mode and age.
  package func list() throws(StorageError) -> [TrustedCertificate] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM trusted ORDER BY host, port, mode, id")
        .compactMap { try? TrustedCertificate(row: $0) }
    }
  }

  /// Those of one server.
  package func list(host: String, port: Int, mode: TLSMode) throws(StorageError) -> [TrustedCertificate] {
    let key = try TrustKey(host: host, port: port, mode: mode)
    return try database.read { try Self.rows($0, of: key) }
  }

  /// Those that a person means by a word: a host, "host:port", or the first digits (at least four) of a SHA-256
  /// fingerprint, in any way of writing it.
  package func find(_ word: String) throws(StorageError) -> [TrustedCertificate] {
    let query = TrustQuery(word)
    return try list().filter(query.matches)
  }

  /// Trusts it no more.
  ///
  /// - Returns: false where it was gone already.
  @discardableResult
  package func remove(_ id: TrustedCertificate.ID) throws(StorageError) -> Bool {
    try database.write { db in
      try db.execute(sql: "DELETE FROM trusted WHERE id = ?", arguments: [id])
      return db.changesCount > 0
    }
  }

  /// Forgets what is damaged.
  ///
  /// - Parameter word: a host, or "host:port".
  /// - Returns: how many there were.
  @discardableResult
  package func removeSpoilt(_ word: String) throws(StorageError) -> Int {
    let query = TrustQuery(word)
    return try database.write { db in
      let ids = try Row.fetchAll(db, sql: "SELECT * FROM trusted")
        .filter { row in
          guard let host: String = try? row.read("host"), let port: Int = try? row.read("port") else { return false }
          return query.matches(host: host, port: port) && (try? TrustedCertificate(row: row)) == nil
        }
        .map { try $0.read("id") as TrustedCertificate.ID }
      for id in ids { try db.execute(sql: "DELETE FROM trusted WHERE id = ?", arguments: [id]) }
      return ids.count
    }
  }

  /// Takes over one that was kept elsewhere, and leaves what is known of it here as it is.
  ///
  /// - Returns: the certificate, and whether it is new here.
  package func take(
    host: String, port: Int, mode: TLSMode, chain: [Certificate], kind: TrustedCertificate.Kind, note: String = ""
  ) throws(StorageError) -> (trusted: TrustedCertificate, isNew: Bool) {
    let pin = kind.pin(of: chain)
    if let known = try list(host: host, port: port, mode: mode).first(where: { $0.kind == kind && $0.pin == pin }) {
      return (known, false)
    }
    return (try remember(host: host, port: port, mode: mode, chain: chain, kind: kind, note: note), true)
  }

  /// Those of one server, and whether there are damaged ones.
  private static func all(_ db: Database, of key: TrustKey) throws -> ([TrustedCertificate], isSpoilt: Bool) {
    let rows = try Row.fetchAll(
      db, sql: "SELECT * FROM trusted WHERE host = ? AND port = ? ORDER BY id", arguments: [key.host, key.port])
    var isSpoilt = false
    var whole: [TrustedCertificate] = []
    for row in rows {
      let mode = (try? row.read("mode") as String).flatMap { TLSMode(rawValue: $0) }
      guard mode == nil || mode == key.mode else { continue }
      if let trusted = try? TrustedCertificate(row: row) { whole.append(trusted) } else { isSpoilt = true }
    }
    return (whole, isSpoilt)
  }

  private static func rows(_ db: Database, of key: TrustKey) throws -> [TrustedCertificate] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM trusted WHERE host = ? AND port = ? AND mode = ? ORDER BY id",
      arguments: [key.host, key.port, key.mode.rawValue]
    ).compactMap { try? TrustedCertificate(row: $0) }
  }
}
