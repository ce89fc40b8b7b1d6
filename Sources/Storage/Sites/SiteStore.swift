package import FTP
internal import GRDB

/// The servers that have names. Every change is on the disk when the call returns. All calls throw what
/// `FerryDatabase.open` does.
package struct SiteStore: Sendable {
  let database: FerryDatabase

  /// All of them, by name.
  package func list() throws(StorageError) -> [Site] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM site ORDER BY name COLLATE NOCASE, name").compactMap {
        try? Site(row: $0)
      }
    }
  }

  /// The one of this name; nil where there is none.
  package func find(_ name: String) throws(StorageError) -> Site? {
    try database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM site WHERE name = ?", arguments: [name]).map(Site.init(row:))
    }
  }

  /// Whether a site of this address and user may exchange files directly with other servers.
  package func mayExchange(_ server: ServerAddress) throws(StorageError) -> Bool {
    try database.read { db in
      try Bool.fetchOne(
        db,
        sql: """
          SELECT EXISTS (SELECT 1 FROM site WHERE host = ? AND port = ? AND mode = ? AND user IS ? AND fxp)
          """,
        arguments: [server.host, server.port, server.mode.rawValue, server.user]) ?? false
    }
  }

  /// Adds one.
  ///
  /// - Throws: `StorageError.nameTaken`.
  @discardableResult
  package func add(
    _ name: String, address: ServerAddress, remotePath: RemotePath? = nil, localPath: [UInt8]? = nil,
    identity: String? = nil, mayExchange: Bool = false, notes: String = ""
  ) throws(StorageError) -> Site {
    let now = database.now
    return try database.write { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          INSERT INTO site (name, host, port, mode, user, remote_path, local_path, identity, fxp, notes, created)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING RETURNING *
          """,
        arguments: [
          name, address.host, address.port, address.mode.rawValue, address.user, blob(remotePath?.bytes),
          blob(localPath), identity, mayExchange, notes, now,
        ])
      guard let row else { throw StorageError.nameTaken(name) }
      return try Site(row: row)
    }
  }

  /// Writes all of a site anew, also under another name.
  ///
  /// - Returns: false where it is there no more.
  /// - Throws: `StorageError.nameTaken`.
  @discardableResult
  package func update(_ site: Site) throws(StorageError) -> Bool {
    try database.write { db in
      let taken = try Int64.fetchOne(db, sql: "SELECT id FROM site WHERE name = ?", arguments: [site.name])
      if let taken, taken != site.id { throw StorageError.nameTaken(site.name) }
      try db.execute(
        sql: """
          UPDATE site SET name = ?, host = ?, port = ?, mode = ?, user = ?, remote_path = ?, local_path = ?,
            identity = ?, fxp = ?, notes = ? WHERE id = ?
          """,
        arguments: [
          site.name, site.address.host, site.address.port, site.address.mode.rawValue, site.address.user,
          blob(site.remotePath?.bytes), blob(site.localPath), site.identity, site.mayExchange,
          site.notes, site.id,
        ])
      return db.changesCount > 0
    }
  }

  /// Notes that it was used.
  package func touch(_ id: Site.ID) throws(StorageError) {
    let now = database.now
    try database.write(.written) { db in
      try db.execute(sql: "UPDATE site SET last_used = ? WHERE id = ?", arguments: [now, id])
    }
  }

  /// Removes the one of this name.
  ///
  /// - Returns: false where there is none.
  @discardableResult
  package func remove(_ name: String) throws(StorageError) -> Bool {
    try database.write { db in
      try db.execute(sql: "DELETE FROM site WHERE name = ?", arguments: [name])
      return db.changesCount > 0
    }
  }
}

extension Site {
  /// Throws for a row that makes no sense.
  init(row: Row) throws {
    self.init(
      id: try row.read("id"), name: try row.read("name"), address: try ServerAddress(row: row),
      remotePath: try row.optionalBytes("remote_path").map { try RemotePath($0) },
      localPath: try row.optionalBytes("local_path"), identity: try row.read("identity") as String?,
      mayExchange: try row.read("fxp"), notes: try row.read("notes"), created: try row.read("created"),
      lastUsed: try row.read("last_used") as Int64?)
  }
}

extension ServerAddress {
  /// From the columns host, port, mode and user.
  init(row: Row) throws {
    self.init(
      host: try row.read("host"), port: try row.read("port"), mode: try TLSMode(rawValue: row.read("mode")).orSpoilt(),
      user: try row.read("user") as String?)
  }
}
