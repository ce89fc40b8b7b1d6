import FTP
import FTPSClient
import NIOCore
import Synchronization

extension JobRunner {
  /// Brings the files of a packet to a server, from here or from a server, into folders that their batch has made:
  /// nothing of anybody's stands there.
  func upload(_ packet: Packet, to server: ServerAddress, _ report: @escaping Report) async -> PacketRest {
    let jobs = packet.jobs
    var rest = PacketRest()
    if packet.batch.keepsPermissions, memory.takesPermissions(server) == nil {
      // The first one finds out, and says so if not.
      return PacketRest(alone: [jobs.startIndex], untouched: Array(jobs.indices.dropFirst()))
    }
    let keepsPermissions = packet.batch.keepsPermissions && memory.takesPermissions(server) == true
    await lookAgain(jobs, server)
    let supply = PacketSupply()
    let planned: [Int]
    var fetching: Task<Void, Never>?
    if let source = packet.batch.source.server {
      planned = await relayable(packet, from: source, to: server)
      fetching = Task { await fetch(planned, of: packet, from: source, into: supply) }
    } else {
      let contents = (try? await readWhole(jobs, server)) ?? [:]
      planned = contents.keys.sorted()
      supply.end(with: contents)
    }
    rest.alone = jobs.indices.filter { !planned.contains($0) }
    let wanted = planned.filter(packet.isWanted)
    let unfit = Mutex<Set<Int>>([])
    let results = PacketResults<Result<Void, SmallFailure>>()
    let begun = Mutex<Set<Int>>([])
    let tellsSizes = Mutex(true)
    let transfer = Task {
      defer { results.end() }
      // A session is taken once there is something for it: who waits for contents never keeps them from coming.
      guard await supply.hasAny() else { return unfit.withLock { $0.formUnion(wanted) } }
      try? await sessions.with(server) { session in
        guard session.features.size else { return tellsSizes.withLock { $0 = false } }
        try await session.store(
          count: wanted.count,
          next: { position in
            let index = wanted[position]
            guard packet.isWanted(index) else { return nil }
            guard let content = await supply.content(of: index) else {
              unfit.withLock { _ = $0.insert(index) }
              return nil
            }
            begun.withLock { _ = $0.insert(index) }
            var upload = jobs[index].smallUpload(content)
            if keepsPermissions { upload.permissions = jobs[index].item.permissions.map { $0 & 0o777 } }
            return upload
          },
          onResult: { position, result in
            let index = wanted[position]
            jobs[index].progress.add(Int(jobs[index].item.size ?? 0))
            results.add(index, result)
          })
      }
    }
    await withTaskCancellationHandler { [fetching] in
      var done: Set<Int> = []
      while let arrived = await results.next() {
        done.formUnion(arrived.map(\.index))
        var ends: [(id: TransferItem.ID, outcome: JobOutcome)] = []
        for (index, result) in arrived {
          if case .success = result {
            ends.append((jobs[index].item.id, .done(.length(jobs[index].item.size ?? 0))))
          } else {
            jobs[index].progress.restart(at: 0)
            rest.alone.append(index)
          }
        }
        await report(ends)
      }
      supply.abandon()
      await fetching?.value
      // How else the length is proved is known to who does one file at a time.
      if !tellsSizes.withLock({ $0 }) {
        rest.alone += wanted
        return
      }
      // What was begun and has no result may be there under either of its names.
      rest.alone += unfit.withLock(\.self)
      var missing = wanted.filter { index in !done.contains(index) && !unfit.withLock { $0.contains(index) } }
      rest.lostTrackOf = begun.withLock { Set(missing.filter($0.contains)) }
      rest.alone += rest.lostTrackOf
      missing.removeAll { rest.lostTrackOf.contains($0) }
      if rest.lostTrackOf.isEmpty, let first = missing.first(where: packet.isWanted) {
        missing.removeAll { $0 == first }
        rest.alone.append(first)
      }
      rest.untouched += missing
    } onCancel: { [fetching] in
      transfer.cancel()
      fetching?.cancel()
    }
    return rest
  }

  /// Lists folders that the batch has made a while ago: others may have put files there since.
  private func lookAgain(_ jobs: [Job], _ server: ServerAddress) async {
    guard let batch = jobs.first?.batch.id else { return }
    let folders = Set(jobs.compactMap { $0.item.target.remote.parent })
    let aged = memory.agedFolders(among: folders, on: server, in: batch)
    if aged.isEmpty { return }
    // Of what cannot be listed, nothing is believed, and each file asks for itself.
    try? await sessions.with(server) { session in
      for folder in aged {
        let start = ContinuousClock.now
        let list = try await session.list(folder)
        guard list.isWhole else { continue }
        memory.learnNames(list.entries.map(\.name), in: folder, on: server, batch: batch, since: start)
      }
    }
  }

  /// The contents of those files that are what they were when they were listed, and that go where nothing stands.
  private func readWhole(_ jobs: [Job], _ server: ServerAddress) async throws -> [Int: PacketContent] {
    if memory.storesDirectly(server) { return [:] }
    return try await disk.run { [memory] files in
      var opened: [ItemPath: OpenFolder] = [:]
      var contents: [Int: PacketContent] = [:]
      for (index, job) in jobs.enumerated()
      where memory.isFree(job.item.target.remote, on: server, in: job.batch.id) {
        let path = job.item.source.removingLast(1)
        let folder = try opened[path] ?? LocalFolders.source(job, files)
        opened[path] = folder
        let file = try files.openForReading(
          job.item.source.name, in: folder, following: LocalFolders.followsSource(job))
        let status = try files.status(of: file)
        guard FileFacts(size: status.size, modified: status.modified) == job.planned else { continue }
        var bytes = ByteBufferAllocator().buffer(capacity: Int(status.size))
        try bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(status.size)) { memory in
          try Self.fill(UnsafeMutableRawBufferPointer(rebasing: memory[..<Int(status.size)]), from: file, files)
        }
        let now = try files.status(of: file)
        if Int64(bytes.readableBytes) == status.size, now.size == status.size, now.modified == status.modified,
          now.changed == status.changed
        {
          contents[index] = PacketContent(bytes: bytes, modified: job.item.modified)
        }
      }
      return contents
    }
  }

  private static func fill(
    _ memory: UnsafeMutableRawBufferPointer, from file: OpenFile, _ files: any LocalFiles
  ) throws -> Int {
    var count = 0
    while count < memory.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: memory[count...])
      let read = try files.read(into: rest, from: file, at: Int64(count))
      if read == 0 { break }
      count += read
    }
    return count
  }
}

extension Job {
  fileprivate func smallUpload(_ content: PacketContent) -> SmallUpload {
    let target = item.target.remote
    return SmallUpload(
      content.bytes, temporary: item.target.renamed(item.partName).remote, target: target, modified: content.modified,
      isPaced: batch.source.server != nil)
  }
}
