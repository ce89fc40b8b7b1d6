package import FTP
package import FTPSClient
package import SystemPackage

/// A tree on this machine.
package struct LocalSyncSide: SyncSide {
  let top: FilePath
  let disk: LocalDisk

  package init(_ top: FilePath, disk: LocalDisk) {
    self.top = top
    self.disk = disk
  }

  package var isRemote: Bool { false }

  package func list(_ path: [FileName]) async throws -> FolderList {
    try await problem {
      try await disk.run { files in
        let folder = try Self.open(path[...], top, files)
        let entries = try files.names(in: folder).compactMap { name in
          try files.status(of: name.name, in: folder, following: false)?.entry(named: name.name)
        }
        return FolderList(entries)
      }
    }
  }

  package func modified(_ path: [FileName]) async throws -> Timestamp? {
    try await disk.run { files in
      let folder = try Self.open(path.dropLast(), top, files)
      return try files.status(of: path[path.count - 1], in: folder, following: false)?.modified
    }
  }

  package func digest(of path: [FileName], size: Int64?) async throws -> [UInt8]? {
    try? await disk.run { files in
      let folder = try Self.open(path.dropLast(), top, files)
      let file = try files.openForReading(path[path.count - 1], in: folder, following: false)
      let digest = ContentDigest(.sha256)
      try LocalDigest.add(.max, of: file, to: digest, files)
      return digest.value
    }
  }

  package func makeFolder(_ path: [FileName]) async throws {
    try await disk.run { files in
      _ = try files.makeFolder(path[path.count - 1], in: try Self.open(path.dropLast(), top, files))
    }
  }

  /// No symbolic link below the top is followed, be it put there meanwhile.
  private static func open(
    _ path: ArraySlice<FileName>, _ top: FilePath, _ files: any LocalFiles
  ) throws(LocalFault) -> OpenFolder {
    var folder = try files.openFolder(top)
    for name in path { folder = try files.openFolder(name, in: folder, following: false) }
    return folder
  }

  private func problem<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let fault as LocalFault { throw SyncProblem("\(fault)") }
  }
}
