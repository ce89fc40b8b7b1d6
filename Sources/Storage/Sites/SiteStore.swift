package import FTP
internal import GRDB

/// The servers that have names. Every change is on the disk when the call returns. All calls throw what
/// `FerryDatabase.open` does.
package struct SiteStore: Sendable {
  let database: FerryDatabase

  /// All of them, by name.
  package func list() throws(StorageError) -> [Site] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM site ORDER BY name COLLATE NOCASE, name").compactMap(Site.init(row:))
    }
  }

  /// The one of this name; nil where there is none.
  package func find(_ name: String) throws(StorageError) -> Site? {
    try database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM site WHERE name = ?", arguments: [name]).flatMap(Site.init(row:))
    }
  }

  /// Adds one.
  ///
  /// - Throws: `StorageError.nameTaken`.
  @discardableResult
  package func add(
    _ name: String, address: ServerAddress, remotePath: RemotePath? = nil, localPath: [UInt8]? = nil,
    identity: String? = nil, notes: String = ""
  ) throws(StorageError) -> Site {
    let now = database.now
    return try database.write { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          INSERT INTO site (name, host, port, mode, user, remote_path, local_path, identity, notes, created)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING RETURNING *
          """,
        arguments: [
          name, address.host, address.port, address.mode.rawValue, address.user, blob(remotePath?.bytes),
          blob(localPath), identity, notes, now,
        ])
      guard let site = row.flatMap(Site.init(row:)) else { throw StorageError.nameTaken(name) }
      return site
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
            identity = ?, notes = ? WHERE id = ?
          """,
        arguments: [
          site.name, site.address.host, site.address.port, site.address.mode.rawValue, site.address.user,
          blob(site.remotePath?.bytes), blob(site.localPath), site.identity, site.notes, site.id,
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
  /// Nil for a row that another program spoilt.
  init?(row: Row) {
    guard let mode = TLSMode(rawValue: row["mode"]) else { return nil }
    let remotePath = row.optionalBytes("remote_path")
    self.init(
      id: row["id"], name: row["name"],
      address: ServerAddress(host: row["host"], port: row["port"], mode: mode, user: row["user"]),
      remotePath: remotePath.flatMap { try? RemotePath($0) }, localPath: row.optionalBytes("local_path"),
      identity: row["identity"], notes: row["notes"], created: row["created"], lastUsed: row["last_used"])
  }
}
