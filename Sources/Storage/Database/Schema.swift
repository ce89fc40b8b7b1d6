internal import GRDB

/// The tables, and how each version comes from the one before.
enum Schema {
  /// "Fery": marks the file as ours.
  static let applicationID: Int32 = 0x4665_7279

  /// Few rows, read in whole at each opening. Damage in them must not be taken for an answer.
  static let smallTables = ["trusted", "site"]

  /// Every table and index of a new database, by the words that made it.
  static func expected() throws -> Set<String> {
    let empty = try DatabaseQueue()
    try migrator.migrate(empty)
    return try empty.read(statements)
  }

  /// The same for a database that is there.
  static func statements(_ db: Database) throws -> Set<String> {
    try String.fetchSet(db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
  }

  /// Migrations are never changed once they have been released; a new one is added.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator().disablingDeferredForeignKeyChecks()
    migrator.registerMigration("1") { db in
      // In the same transaction as the tables, so that a database of ours is never seen without its mark.
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: trust)
      try db.execute(sql: sites)
      try db.execute(sql: queue)
    }
    migrator.registerMigration("awaiting trust") { db in
      try db.execute(sql: awaitingTrust)
    }
    migrator.registerMigration("queue changes") { db in try db.execute(sql: queueChanges) }
    migrator.registerMigration("queue pause") { db in
      try db.execute(sql: "ALTER TABLE counter ADD COLUMN is_paused INTEGER NOT NULL DEFAULT 0")
    }
    migrator.registerMigration("site fxp") { db in
      try db.execute(sql: "ALTER TABLE site ADD COLUMN fxp INTEGER NOT NULL DEFAULT 0")
    }
    return migrator
  }

  // Times are seconds since 1970. `pin` is what is compared: the SHA-256 of the certificate, of the public key, or of
  // the issuer's certificate, as `kind` says.
  private static let trust = """
    CREATE TABLE trusted (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      host TEXT NOT NULL, port INTEGER NOT NULL, mode TEXT NOT NULL,
      kind TEXT NOT NULL,
      pin BLOB NOT NULL,
      key_sha256 BLOB NOT NULL,
      certificate BLOB NOT NULL,
      chain BLOB NOT NULL,
      note TEXT NOT NULL DEFAULT '',
      first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, last_used INTEGER,
      UNIQUE (host, port, mode, kind, pin)
    ) STRICT;
    """

  private static let sites = """
    CREATE TABLE site (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      host TEXT NOT NULL, port INTEGER NOT NULL, mode TEXT NOT NULL, user TEXT,
      remote_path BLOB, local_path BLOB, identity TEXT,
      notes TEXT NOT NULL DEFAULT '',
      created INTEGER NOT NULL, last_used INTEGER
    ) STRICT;
    """

  // `certificate` is the SHA-256 of a client's certificate, `since` seconds since 1970.
  private static let awaitingTrust = """
    CREATE TABLE awaiting_trust (
      host TEXT NOT NULL, port INTEGER NOT NULL, mode TEXT NOT NULL,
      certificate BLOB NOT NULL,
      since INTEGER NOT NULL,
      UNIQUE (host, port, mode, certificate)
    ) STRICT;
    """

  // `lane` is the server whose connections an item needs, 0 for none. `state` and the other numbers are raw values of
  // the enums of the same names. Work is given out by an index that holds only what waits.
  private static let queue = """
    CREATE TABLE counter (last_item INTEGER NOT NULL, last_position INTEGER NOT NULL) STRICT;
    INSERT INTO counter VALUES (0, 0);
    CREATE TABLE server (
      id INTEGER PRIMARY KEY,
      host TEXT NOT NULL, port INTEGER NOT NULL, mode TEXT NOT NULL, user TEXT
    ) STRICT;
    CREATE UNIQUE INDEX server_address ON server (host, port, mode, ifnull(user, ''), user IS NULL);
    CREATE TABLE batch (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      title TEXT NOT NULL,
      answers TEXT NOT NULL DEFAULT '{}',
      created INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE worker (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      boot TEXT NOT NULL, namespace TEXT NOT NULL, pid INTEGER NOT NULL, started INTEGER NOT NULL,
      registered INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE item (
      id INTEGER PRIMARY KEY,
      batch INTEGER NOT NULL, parent INTEGER,
      operation INTEGER NOT NULL, kind INTEGER NOT NULL,
      source_server INTEGER, source BLOB NOT NULL,
      destination_server INTEGER, destination BLOB NOT NULL,
      lane INTEGER NOT NULL,
      size INTEGER, modified INTEGER, modified_detail INTEGER, source_identity TEXT,
      conflict TEXT, options TEXT,
      state INTEGER NOT NULL, detail TEXT, wish INTEGER NOT NULL DEFAULT 0,
      bytes_done INTEGER NOT NULL DEFAULT 0, part_name BLOB,
      priority INTEGER NOT NULL, position REAL NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0,
      created INTEGER NOT NULL, changed INTEGER NOT NULL,
      claim INTEGER
    ) STRICT;
    CREATE INDEX item_order ON item (state, priority DESC, position, size);
    CREATE INDEX item_ready ON item (lane, priority DESC, position) WHERE state = 0;
    CREATE INDEX item_delayed ON item (not_before) WHERE state = 0 AND not_before > 0;
    CREATE INDEX item_claim ON item (claim) WHERE claim IS NOT NULL;
    CREATE INDEX item_batch ON item (batch);
    CREATE INDEX item_parent ON item (parent) WHERE parent IS NOT NULL;
    CREATE INDEX item_part ON item (id) WHERE part_name IS NOT NULL;
    """

  // `touched` rises with each change by a person, so that running copies find out what others did.
  private static let queueChanges = """
    ALTER TABLE counter ADD COLUMN last_touch INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE item ADD COLUMN touched INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX item_touched ON item (touched) WHERE touched > 0;
    """
}
