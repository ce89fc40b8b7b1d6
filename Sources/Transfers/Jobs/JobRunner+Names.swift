import FTP
import FTPSClient

/// Names that a folder has beside others which some targets take for the same.
extension JobRunner {
  /// Makes sure that an item whose name differs from another one of its folder only in case, or in the form of an
  /// accent, gets a name of its own: on a disk or a server that takes both for one, the second would replace the first.
  ///
  /// - Throws: ``TransferError/nameCollides(_:with:)``
  func expectOwnName(_ job: Job) async throws {
    guard job.item.collides else { return }
    let name = job.item.target.name
    switch job.batch.target {
    case .local:
      let names = try await disk.run { files -> [FileName] in
        let folder = try LocalFolders.target(job, files)
        guard try files.status(of: name, in: folder, following: false) != nil else { return [] }
        return try files.names(in: folder).map(\.name)
      }
      try Self.expect(name, among: names)
    case .remote(let server):
      try await sessions.with(server) { session in try await Self.expectOwnName(job, in: session) }
    }
  }

  /// The same of a server.
  static func expectOwnName(_ job: Job, in session: any RemoteFiles) async throws {
    let path = job.item.target.remote
    let name = job.item.target.name
    guard let folder = path.parent, try await session.status(of: path) != nil else { return }
    let list = try await session.list(folder)
    guard list.isWhole || list.entries.contains(where: { $0.name == name }) else {
      throw FTPSError.incompleteList(folder)
    }
    try expect(name, among: list.entries.map(\.name))
  }

  private static func expect(_ name: FileName, among names: [FileName]) throws {
    // It is there under its own name: that is a question about an existing target, and not this one.
    if names.contains(name) { return }
    let folded = FoldedName(name)
    if let other = names.first(where: { FoldedName($0) == folded }) {
      throw TransferError.nameCollides(name, with: other)
    }
  }
}
