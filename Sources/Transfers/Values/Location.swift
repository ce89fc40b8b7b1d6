package import FTP
package import SystemPackage

/// Where something is: on this machine, or on a server.
package enum Location: Hashable, Sendable {
  /// An absolute path here.
  case local(FilePath)
  /// A path on a server.
  case remote(ServerAddress, RemotePath)

  /// The machine alone.
  package var place: Place {
    switch self {
    case .local: .local
    case .remote(let server, _): .remote(server)
    }
  }

  /// The path's bytes.
  package var path: [UInt8] {
    switch self {
    case .local(let path): path.bytes
    case .remote(_, let path): path.bytes
    }
  }
}

/// A machine that files are on.
package enum Place: Hashable, Sendable {
  case local
  case remote(ServerAddress)

  /// The server; nil for this machine.
  package var server: ServerAddress? {
    switch self {
    case .local: nil
    case .remote(let server): server
    }
  }
}
