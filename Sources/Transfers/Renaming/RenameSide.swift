import FTP
import FTPSClient
import Glibc

/// How an attempt to rename ended.
enum RenameEnd: Equatable, Sendable {
  case renamed
  /// Something has the new name by now.
  case taken
  /// Not from there to there; why, as a sentence for people.
  case refused(String)
}

/// The machine on which an item is renamed. No call follows a symbolic link.
protocol RenameSide: Sendable {
  /// What stands at the source; nil where there is nothing.
  func source() async throws -> ListingEntry?
  /// What stands under a name in the folder of the target; nil where there is nothing.
  func target(_ name: FileName) async throws -> ListingEntry?
  /// Whether the source and the target are one folder, reached by two paths; asked where identities are not told.
  func isOneFolder() async throws -> Bool
  /// Gives the source its new name in the folder of the target.
  ///
  /// - Parameter replacing: whether a file of that name may be replaced.
  func rename(to name: FileName, replacing: Bool) async throws -> RenameEnd
}

/// Two folders of this machine.
struct LocalRename: RenameSide {
  let job: Job
  let disk: LocalDisk

  func source() async throws -> ListingEntry? {
    let name = job.item.source.name
    return try await disk.run { files in try Self.entry(name, in: try LocalFolders.source(job, files), files) }
  }

  func target(_ name: FileName) async throws -> ListingEntry? {
    try await disk.run { files in try Self.entry(name, in: try LocalFolders.target(job, files), files) }
  }

  func isOneFolder() async throws -> Bool { false }

  private static func entry(
    _ name: FileName, in folder: OpenFolder, _ files: any LocalFiles
  ) throws -> ListingEntry? {
    guard let status = try files.status(of: name, in: folder, following: false) else { return nil }
    var entry = status.entry(named: name)
    entry.unique = status.facts.identity
    return entry
  }

  func rename(to name: FileName, replacing: Bool) async throws -> RenameEnd {
    let old = job.item.source.name
    return try await disk.run { files in
      let (from, to) = (try LocalFolders.source(job, files), try LocalFolders.target(job, files))
      do {
        try files.move(old, from: from, to: name, in: to, replacing: replacing)
      } catch let fault as LocalFault where fault.call == .rename {
        switch fault.code {
        case EXDEV: return .refused("It goes to another disk, so it is copied, and its source removed then.")
        case EEXIST: return .taken
        case EINVAL: throw TransferError.folderIntoItself(old)
        default: throw fault
        }
      }
      try files.flush(to)
      try files.flush(from)
      return .renamed
    }
  }
}

/// Two folders of a server, through one session.
struct RemoteRename: RenameSide {
  let job: Job
  let session: any RemoteFiles
  let server: ServerAddress
  let memory: RenameMemory

  func source() async throws -> ListingEntry? { try await session.status(of: job.item.source.remote) }

  func target(_ name: FileName) async throws -> ListingEntry? {
    try await session.status(of: job.item.target.renamed(name).remote)
  }

  /// A folder that is made in one is in the other one, too.
  func isOneFolder() async throws -> Bool {
    let mark = job.item.target.appending(job.item.partName).remote
    do { try await session.makeDirectory(mark) } catch let error as FTPSError where error.isPermanentRefusal {
      // Left by an earlier attempt; where none can be made, nothing can be moved there either.
      if try await session.status(of: mark) == nil { return false }
    }
    let isOne = try await session.status(of: job.item.source.appending(job.item.partName).remote) != nil
    try await session.removeDirectory(mark)
    return isOne
  }

  /// Most servers replace a file that has the new name, without a word: who calls this has looked.
  func rename(to name: FileName, replacing: Bool) async throws -> RenameEnd {
    let (path, newPath) = (job.item.source.remote, job.item.target.renamed(name).remote)
    do {
      try await session.rename(path, to: newPath)
      if replacing, try await isOne(newPath) { throw TransferError.targetIsSource(job.item.source.name) }
      return .renamed
    } catch let error as FTPSError where error.isPermanentRefusal {
      if try await source() == nil { throw TransferError.sourceMissing(job.item.source.name) }
      let isTaken = try await session.status(of: newPath) != nil
      if isTaken, !replacing { return .taken }
      // Some rename to free names only. What has the name may be the source itself.
      if isTaken, error.isOf("RNTO"),
        try await ReplacingRename(job: job, session: session).run(path, over: newPath, { try await source() == nil })
      {
        return .renamed
      }
      if case .refused(_, let reply) = error, 500...504 ~= reply.code { memory.learnUnable(server) }
      return .refused("The server does not rename it to there, so it is copied, and its source removed then: \(error)")
    }
  }

  /// Whether both paths lead to one file, by a link or another case: a rename of it to itself does nothing.
  private func isOne(_ newPath: RemotePath) async throws -> Bool {
    let (old, new) = (job.item.source, ItemPath(bytes: newPath.bytes))
    if old.removingLast(1) == new.removingLast(1), FoldedName(old.name) == FoldedName(new.name) { return false }
    return try await source() != nil
  }
}
