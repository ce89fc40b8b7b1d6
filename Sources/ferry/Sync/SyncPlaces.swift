import FTP
import FTPSClient
import Glibc
import SystemPackage
import Transfers

/// The two ends of `ferry sync`.
struct SyncPlaces {
  let engine: Engine
  let connection: ConnectionOptions

  struct End {
    var location: Location
    var side: any SyncSide
  }

  /// - Throws: ``UsageProblem``, ``ItemProblem`` where it is no folder, and what the server says.
  func source(_ text: String) async throws -> End {
    if FTPAddress.looksLikeAddress(text) { return try await remote(text, mayMake: false) }
    let path = LocalPaths.absolute(text)
    var status = stat()
    guard stat(path.string, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw UsageProblem("\(SafeText.escape(text)) is not a folder.")
    }
    return local(path)
  }

  func destination(_ text: String, mayMake: Bool) async throws -> End {
    if FTPAddress.looksLikeAddress(text) { return try await remote(text, mayMake: mayMake) }
    return mayMake ? local(try LocalPaths.targetFolder(text)) : try await source(text)
  }

  private func local(_ path: FilePath) -> End {
    let disk = LocalDisk(files: PosixFiles(umask: ProcessHygiene.personsUmask))
    return End(location: .local(path), side: LocalSyncSide(path, disk: disk))
  }

  private func remote(_ text: String, mayMake: Bool) async throws -> End {
    let address = try connection.address(text)
    let login = try await engine.logIn(address, connection)
    let folder = try await engine.sessions.pool(anyway: login.server).withSession(for: .browsing) { session in
      let folder = address.path ?? session.facts.home
      if mayMake, folder != .root, try await session.status(of: folder) == nil {
        try await session.makeDirectory(folder)
      }
      return folder
    }
    return End(
      location: .remote(login.server, folder), side: RemoteSyncSide(login.server, folder, sessions: engine.sessions))
  }
}
