import FTP
import FTPSClient
import NIOCore
import Synchronization

extension JobRunner {
  /// Brings the files of a packet here.
  func download(_ packet: Packet, from server: ServerAddress, _ report: @escaping Report) async -> PacketRest {
    let jobs = packet.jobs
    var rest = PacketRest()
    let folders: [Int: OpenFolder]
    do { folders = try await freePlaces(jobs) } catch { return PacketRest(alone: Array(jobs.indices)) }
    rest.alone = jobs.indices.filter { folders[$0] == nil }
    let wanted = jobs.indices.filter { folders[$0] != nil && packet.isWanted($0) }
    let results = PacketResults<Result<SmallContent, SmallFailure>>()
    let transfer = Task {
      defer { results.end() }
      let files = wanted.map { index in
        SmallDownload(
          jobs[index].item.source.remote, limit: Int(jobs[index].item.size ?? 0),
          wantsTime: jobs[index].item.modified?.isExact != true)
      }
      try? await sessions.with(server) { session in
        try await session.retrieve(
          files, isWanted: { packet.isWanted(wanted[$0]) },
          onResult: { index, result in
            if case .success(let content) = result { jobs[wanted[index]].progress.add(content.bytes.readableBytes) }
            results.add(wanted[index], result)
          })
      }
    }
    await withTaskCancellationHandler {
      var done: Set<Int> = []
      while let arrived = await results.next() {
        let landed = await land(arrived, jobs, folders)
        done.formUnion(arrived.map(\.index))
        rest.alone += landed.filter { $0.outcome == nil }.map(\.index)
        await report(landed.compactMap { index, outcome in outcome.map { (jobs[index].item.id, $0) } })
      }
      // The first one without a result is tried by itself, and finds out what is wrong with the server.
      var missing = wanted.filter { !done.contains($0) }
      if let first = missing.first(where: packet.isWanted) {
        missing.removeAll { $0 == first }
        rest.alone.append(first)
      }
      rest.untouched += missing
    } onCancel: {
      transfer.cancel()
    }
    return rest
  }

  /// The folders of those files under whose names nothing stands.
  private func freePlaces(_ jobs: [Job]) async throws -> [Int: OpenFolder] {
    try await disk.run { files in
      var opened: [ItemPath: OpenFolder] = [:]
      var free: [Int: OpenFolder] = [:]
      for (index, job) in jobs.enumerated() {
        let path = job.item.target.removingLast(1)
        let folder = try opened[path] ?? LocalFolders.target(job, files)
        opened[path] = folder
        if try files.status(of: job.item.target.name, in: folder, following: false) == nil { free[index] = folder }
      }
      return free
    }
  }

  /// Writes contents that came whole to files of their own, all of them before any of them counts as done.
  private func land(
    _ arrived: [(index: Int, value: Result<SmallContent, SmallFailure>)], _ jobs: [Job], _ folders: [Int: OpenFolder]
  ) async -> [(index: Int, outcome: JobOutcome?)] {
    let landed = try? await disk.run { files in
      var flushed: [ObjectIdentifier: OpenFolder] = [:]
      var landed = arrived.map { index, result in
        guard case .success(let content) = result, let folder = folders[index] else { return (index, false) }
        flushed[ObjectIdentifier(folder)] = folder
        return (index, (try? Landing(job: jobs[index], content: content, folder: folder).run(files)) != nil)
      }
      for folder in flushed.values {
        do { try files.flush(folder) } catch {
          landed = landed.map { index, isThere in (index, isThere && folders[index] !== folder) }
        }
      }
      return landed
    }
    return (landed ?? arrived.map { ($0.index, false) }).map { index, isThere in
      (index, isThere ? .done(.length(jobs[index].item.size ?? 0)) : nil)
    }
  }
}

/// A small file on its way from memory to its name.
private struct Landing {
  let job: Job
  let content: SmallContent
  let folder: OpenFolder

  /// Makes the part file, flushes and renames it; whatever fails leaves none.
  func run(_ files: any LocalFiles) throws {
    let size = Int64(content.bytes.readableBytes)
    if size != job.item.size { throw TransferError.lengthDiffers(expected: job.item.size ?? 0, found: size) }
    let name = job.item.partName
    let file = try files.create(name, in: folder, permissions: 0o600)
    do {
      try content.bytes.withUnsafeReadableBytes { try files.write($0, to: file, at: 0) }
      let kept = job.batch.keepsPermissions ? job.item.permissions.map { $0 & files.newFolderPermissions } : nil
      try files.setPermissions((kept ?? files.newFilePermissions) & 0o777, of: file)
      let modified = content.modified ?? job.item.modified
      if let modified, modified.isUTC { try files.setModified(modified, of: file) }
      try files.flush(file)
      try files.rename(name, to: job.item.target.name, in: folder, replacing: false)
    } catch {
      try? files.remove(name, in: folder)
      throw error
    }
  }
}
