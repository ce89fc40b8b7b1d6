package import FTP

/// A server with a name. No password is part of it.
package struct Site: Hashable, Sendable, Identifiable {
  package let id: Int64
  /// As the user calls it; unique, compared by its exact letters.
  package var name: String
  package var address: ServerAddress
  /// The folder that opens on the server; nil for the one after login.
  package var remotePath: RemotePath?
  /// The local folder that opens beside it, as bytes; nil for whatever is open.
  package var localPath: [UInt8]?
  /// The name of the client certificate to show; nil for none.
  package var identity: String?
  /// Whether it may exchange files directly with other servers of which this is said, too (FXP).
  package var mayExchange: Bool
  /// The user's own words.
  package var notes: String
  /// Seconds since 1970.
  package let created: Int64
  package let lastUsed: Int64?

  package init(
    id: Int64, name: String, address: ServerAddress, remotePath: RemotePath? = nil, localPath: [UInt8]? = nil,
    identity: String? = nil, mayExchange: Bool = false, notes: String = "", created: Int64 = 0, lastUsed: Int64? = nil
  ) {
    self.id = id
    self.name = name
    self.address = address
    self.remotePath = remotePath
    self.localPath = localPath
    self.identity = identity
    self.mayExchange = mayExchange
    self.notes = notes
    self.created = created
    self.lastUsed = lastUsed
  }
}
