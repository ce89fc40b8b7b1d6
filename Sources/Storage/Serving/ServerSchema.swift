internal import GRDB

/// The tables of a server's own database.
enum ServerSchema {
  /// "FerS": marks the file as ours.
  static let applicationID: Int32 = 0x4665_7253

  /// Migrations are never changed once they have been released; a new one is added.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator().disablingDeferredForeignKeyChecks()
    migrator.registerMigration("1") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: tables)
    }
    return migrator
  }

  // Times are seconds since 1970; fingerprints are SHA-256. `state` is pending, trusted or rejected.
  private static let tables = """
    CREATE TABLE client (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      fingerprint BLOB NOT NULL UNIQUE,
      certificate BLOB NOT NULL,
      state TEXT NOT NULL,
      address TEXT NOT NULL,
      first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, decided INTEGER
    ) STRICT;
    CREATE TABLE user (
      name TEXT PRIMARY KEY,
      password TEXT,
      certificate BLOB,
      created INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE authority (
      fingerprint BLOB PRIMARY KEY,
      certificate BLOB NOT NULL,
      added INTEGER NOT NULL
    ) STRICT;
    """
}
