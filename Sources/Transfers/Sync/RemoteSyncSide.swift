package import FTP
package import FTPSClient

/// A tree on a server.
package struct RemoteSyncSide: SyncSide {
  let server: ServerAddress
  let top: RemotePath
  let sessions: any SessionProvider

  package init(_ server: ServerAddress, _ top: RemotePath, sessions: any SessionProvider) {
    self.server = server
    self.top = top
    self.sessions = sessions
  }

  package var isRemote: Bool { true }

  package func list(_ path: [FileName]) async throws -> FolderList {
    let folder = top.appending(path)
    return try await refusal {
      try await sessions.pool(for: server).withSession(for: .browsing) { session in
        let list = try await session.linkTellingList(of: folder)
        // A line that was not understood may be a file: what is missing in such a list is not missing for sure.
        guard list.isWhole else { throw FTPSError.incompleteList(folder) }
        return list
      }
    }
  }

  package func modified(_ path: [FileName]) async throws -> Timestamp? {
    let file = top.appending(path)
    do {
      return try await sessions.pool(for: server).withSession(for: .browsing) {
        try await $0.modificationTime(of: file)
      }
    } catch let error as FTPSError {
      if case .refused = error { return nil }
      throw error
    }
  }

  package func digest(of path: [FileName], size: Int64?) async throws -> [UInt8]? {
    let file = top.appending(path)
    do {
      return try await sessions.pool(for: server).withSession(for: .browsing) { session in
        if session.facts.features.hashes.contains(.sha256) || session.facts.features.checksums.contains(.sha256),
          let theirs = try? await session.digest(of: file, .sha256, size: size ?? 0)
        {
          return theirs
        }
        let digest = ContentDigest(.sha256)
        _ = try await session.retrieve(file, from: 0, into: DigestSink(digest: digest))
        return digest.value
      }
    } catch let error as FTPSError {
      if case .refused = error { return nil }
      throw error
    }
  }

  package func makeFolder(_ path: [FileName]) async throws {
    let folder = top.appending(path)
    try await sessions.pool(for: server).withSession(for: .transfer) { session in
      do {
        try await session.makeDirectory(folder)
      } catch let error as FTPSError {
        // Another run may have made it.
        guard case .refused = error, try await session.status(of: folder)?.isDirectory == true else { throw error }
      }
    }
  }

  /// A refusal is this folder's; whatever else happens is the connection's.
  private func refusal<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let error as FTPSError {
      switch error {
      case .refused, .malformed(.unreadableListing), .truncated, .incompleteList: throw SyncProblem("\(error)")
      default: throw error
      }
    }
  }
}
