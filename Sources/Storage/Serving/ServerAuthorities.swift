internal import GRDB
package import TLS

/// The authorities whose signature makes a client's certificate trusted.
package struct ServerAuthorities: Sendable {
  let state: ServerState

  /// All of them, the oldest first.
  package func list() throws(StorageError) -> [Certificate] {
    try state.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM authority ORDER BY added, rowid").compactMap { row in
        let certificate = try? Certificate(der: row.bytes("certificate"))
        guard let certificate, try certificate.sha256.bytes == row.bytes("fingerprint") else { return nil }
        return certificate
      }
    }
  }

  /// - Returns: false where it was there already.
  @discardableResult
  package func add(_ certificate: Certificate) throws(StorageError) -> Bool {
    let now = state.now
    return try state.write { db in
      try db.execute(
        sql: "INSERT OR IGNORE INTO authority (fingerprint, certificate, added) VALUES (?, ?, ?)",
        arguments: [blob(certificate.sha256.bytes), blob(certificate.der), now])
      return db.changesCount > 0
    }
  }

  /// - Returns: false where it was not there.
  @discardableResult
  package func remove(_ fingerprint: Fingerprint) throws(StorageError) -> Bool {
    try state.write { db in
      try db.execute(sql: "DELETE FROM authority WHERE fingerprint = ?", arguments: [blob(fingerprint.bytes)])
      return db.changesCount > 0
    }
  }
}
