package import FTP
internal import GRDB
package import TLS

/// What became of client certificates on servers: which of them still wait for a server's trust. All calls throw what
/// `FerryDatabase.open` does.
package struct IdentityUses: Sendable {
  let database: FerryDatabase

  /// A server has seen a certificate and does not trust it yet.
  package func isAwaitingTrust(_ certificate: Certificate, at server: ServerAddress) throws(StorageError) {
    let key = try TrustKey(host: server.host, port: server.port, mode: server.mode)
    let now = database.now
    try database.write { db in
      try db.execute(
        sql: """
          INSERT INTO awaiting_trust (host, port, mode, certificate, since) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (host, port, mode, certificate) DO NOTHING
          """, arguments: [key.host, key.port, key.mode.rawValue, blob(certificate.sha256.bytes), now])
    }
  }

  /// A server has let a certificate in: nothing waits there any more.
  package func wasAccepted(at server: ServerAddress) throws(StorageError) {
    guard try awaitingSince(server) != nil else { return }
    let key = try TrustKey(host: server.host, port: server.port, mode: server.mode)
    try database.write { db in
      try db.execute(
        sql: "DELETE FROM awaiting_trust WHERE host = ? AND port = ? AND mode = ?",
        arguments: [key.host, key.port, key.mode.rawValue])
    }
  }

  /// Since when a certificate waits for a server's trust, in seconds since 1970; nil where none does.
  package func awaitingSince(_ server: ServerAddress) throws(StorageError) -> Int64? {
    let key = try TrustKey(host: server.host, port: server.port, mode: server.mode)
    return try database.read { db in
      try Int64.fetchOne(
        db, sql: "SELECT min(since) FROM awaiting_trust WHERE host = ? AND port = ? AND mode = ?",
        arguments: [key.host, key.port, key.mode.rawValue])
    }
  }

  /// Where a certificate waits, as "host:port", and since when.
  package func waiting(_ certificate: Certificate) throws(StorageError) -> [(server: String, since: Int64)] {
    try database.read { db in
      try Row.fetchAll(
        db, sql: "SELECT host, port, since FROM awaiting_trust WHERE certificate = ? ORDER BY since, host",
        arguments: [blob(certificate.sha256.bytes)]
      ).map { row in
        (server: "\(try row.read("host") as String):\(try row.read("port") as Int)", since: try row.read("since"))
      }
    }
  }
}
