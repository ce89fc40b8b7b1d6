internal import GRDB
package import TLS

/// Somebody who may log in to a server of ours. What is set is demanded: the password, the certificate, or both.
package struct ServerUser: Hashable, Sendable {
  package let name: String
  package let password: PasswordHash?
  /// The only certificate with which this user is let in.
  package let certificate: Fingerprint?
  /// Seconds since 1970.
  package let created: Int64

  /// Whether `name` can be a user's: 1 to 64 bytes, none of them a space or a control character.
  package static func isName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.unicodeScalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator,
          .spaceSeparator:
          false
        default: true
        }
      }
  }
}

/// The users of a server.
package struct ServerUsers: Sendable {
  let state: ServerState

  /// All of them, by name.
  package func list() throws(StorageError) -> [ServerUser] {
    try state.read { try Row.fetchAll($0, sql: "SELECT * FROM user ORDER BY name").map(ServerUser.init(row:)) }
  }

  /// The one of a name; nil where there is none.
  package func find(_ name: String) throws(StorageError) -> ServerUser? {
    try state.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM user WHERE name = ?", arguments: [name]).map(ServerUser.init(row:))
    }
  }

  /// Makes the user, or changes what is demanded of the one of this name.
  ///
  /// - Returns: whether it is a new one.
  @discardableResult
  package func set(
    _ name: String, password: PasswordHash?, certificate: Fingerprint?
  ) throws(StorageError) -> Bool {
    precondition(ServerUser.isName(name) && (password != nil || certificate != nil))
    let now = state.now
    return try state.write { db in
      let isNew = try Row.fetchOne(db, sql: "SELECT 1 FROM user WHERE name = ?", arguments: [name]) == nil
      try db.execute(
        sql: """
          INSERT INTO user (name, password, certificate, created) VALUES (?, ?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET password = excluded.password, certificate = excluded.certificate
          """,
        arguments: [name, password?.description, blob(certificate?.bytes), now])
      return isNew
    }
  }

  /// - Returns: false where there was none.
  @discardableResult
  package func remove(_ name: String) throws(StorageError) -> Bool {
    try state.write { db in
      try db.execute(sql: "DELETE FROM user WHERE name = ?", arguments: [name])
      return db.changesCount > 0
    }
  }
}

extension ServerUser {
  /// Throws for a row that cannot be one: less must never be demanded of a user than was set.
  init(row: Row) throws {
    name = try row.read("name")
    let hash: String? = try row.read("password")
    password = try hash.map { try PasswordHash($0).orSpoilt() }
    certificate = try row.optionalBytes("certificate").map { try Fingerprint(bytes: $0).orSpoilt() }
    created = try row.read("created")
    if password == nil, certificate == nil { throw SpoiltRow() }
  }
}
