import FTP
import SystemPackage

/// A folder that a pane can show, or a file in one: here or on a server.
enum Place: Hashable, Sendable {
  /// An absolute path of this machine.
  case local(FilePath)
  case remote(ServerAddress, RemotePath)

  var isLocal: Bool {
    if case .local = self { true } else { false }
  }

  /// The server; nil for a place of this machine.
  var server: ServerAddress? {
    if case .remote(let server, _) = self { server } else { nil }
  }

  /// What lies in this folder under `name`.
  func appending(_ name: FileName) -> Place {
    switch self {
    case .local(let path): .local(path.appending(name))
    case .remote(let server, let path): .remote(server, path.appending(name))
    }
  }

  /// The folder above; nil at the root.
  var parent: Place? {
    switch self {
    case .local(let path):
      path.isRoot ? nil : .local(path.removingLastComponent())
    case .remote(let server, let path): path.parent.map { .remote(server, $0) }
    }
  }

  /// The last component; nil at the root.
  var name: FileName? {
    switch self {
    case .local(let path): path.fileName
    case .remote(_, let path): path.name
    }
  }

  /// The path without the server, as bytes: for showing.
  var pathBytes: [UInt8] {
    switch self {
    case .local(let path): path.bytes
    case .remote(_, let path): path.bytes
    }
  }

  /// The path as bytes for showing, the home folder shortened to `~`.
  func pathBytes(home: FilePath?) -> [UInt8] {
    guard case .local(let path) = self, let home, home.components.count > 0, path.starts(with: home) else {
      return pathBytes
    }
    return [UInt8(ascii: "~")] + path.bytes.dropFirst(home.bytes.count)
  }

  /// Whether this lies below `folder`, at any depth, or is it.
  func isWithin(_ folder: Place) -> Bool {
    switch (self, folder) {
    case (.local(let path), .local(let folder)): path.starts(with: folder)
    case (.remote(let server, let path), .remote(let other, let folder)):
      server == other && (path == folder || path.isInside(folder))
    default: false
    }
  }
}
