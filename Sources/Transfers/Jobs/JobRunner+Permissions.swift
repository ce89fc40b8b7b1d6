import FTP
import FTPSClient

/// Permissions that a target gets from its source.
///
/// Copies within this machine always keep them, as the other file managers do. What goes to or from a server keeps them
/// where the batch asks for it. Only the nine bits of owner, group and others are kept, never setuid, setgid and sticky;
/// and what comes from a server gets none that the user's umask takes from files of the user's own.
extension JobRunner {
  /// The permission bits of the target; nil where it gets those of any new file.
  func keptPermissions(_ job: Job) async throws -> UInt16? {
    switch (job.batch.source, job.batch.target) {
    case (.local, .local):
      let name = job.item.source.name
      return try await disk.run { files in
        let folder = try LocalFolders.source(job, files)
        let status = try files.status(of: name, in: folder, following: LocalFolders.followsSource(job))
        return status.map { $0.permissions & 0o777 }
      }
    case (.remote(let server), _) where job.batch.keepsPermissions:
      guard let bits = try await listedPermissions(job, on: server) else { return nil }
      return job.batch.target == .local ? bits & (try await usualFolder()) : bits & 0o777
    default: return nil
    }
  }

  /// A folder that closes before what is in it has come would keep that out, so its owner may always work in it.
  func keptPermissions(ofFolder job: Job) async throws -> UInt16? {
    guard job.item.kind == .folder || job.item.kind == .unknown else { return nil }
    if job.batch.source == .local, job.batch.target != .local {
      guard job.batch.keepsPermissions else { return nil }
      let name = job.item.source.name
      return try await disk.run { files in
        let folder = try LocalFolders.source(job, files)
        let status = try files.status(of: name, in: folder, following: LocalFolders.followsSource(job))
        return status.map { $0.permissions & 0o777 | 0o700 }
      }
    }
    return try await keptPermissions(job).map { $0 | 0o700 }
  }

  private func usualFolder() async throws -> UInt16 {
    try await disk.run { files in files.newFolderPermissions & 0o777 }
  }

  /// As the list of its folder had them, or the server tells of it alone, or its folder's list has them now.
  private func listedPermissions(_ job: Job, on server: ServerAddress) async throws -> UInt16? {
    // What a list has told of what was found in it would not be more today.
    if job.item.permissions != nil || job.item.parent != nil { return job.item.permissions }
    let path = job.item.source.remote
    return try await sessions.with(server) { session in
      if session.features.mlst != nil, let bits = try await session.status(of: path)?.permissions { return bits }
      guard let folder = path.parent, let name = path.name else { return nil }
      return try await listedPermissions.bits(of: name, in: folder, on: server, for: job.batch.id) {
        try await session.list(folder).entries
      }
    }
  }
}

extension Upload {
  /// Gives what was sent the permissions of its source. A server that refuses has stored the file all the same, which is
  /// said once.
  func setPermissions(of path: RemotePath) async throws {
    guard let permissions = job.permissions else { return }
    try await memory.setPermissions(permissions, of: path, on: server, session, job)
  }
}

extension ServerMemory {
  /// Sets permission bits where the server is not known to refuse that; what it says the first time is noted.
  func setPermissions(
    _ bits: UInt16, of path: RemotePath, on server: ServerAddress, _ session: any RemoteFiles, _ job: Job
  ) async throws {
    if takesPermissions(server) == false { return }
    let refusal = try await session.setPermissions(bits, of: [path]).first ?? nil
    guard let refusal else { return learnPermissions(true, of: server) }
    // It was refused for a file beside this one meanwhile, and that was said.
    if takesPermissions(server) == false { return }
    // Of one file it may be refused for the file's own sake.
    if takesPermissions(server) == nil { learnPermissions(false, of: server) }
    await job.note(.remark("The permissions were not kept: \(refusal)"))
  }
}
