package import FTP

/// Where bytes go that may run out of room.
package enum Volume: Hashable, Sendable {
  /// A file system of this machine, by its device number.
  case disk(UInt64)
  /// A server's disk, or its user's quota there.
  case server(ServerAddress)
}
