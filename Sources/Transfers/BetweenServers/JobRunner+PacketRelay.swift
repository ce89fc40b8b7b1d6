import FTP
import FTPSClient
import NIOCore
import Synchronization

extension JobRunner {
  /// The contents of those files of a packet that a server still has in the length that it told, and that go where
  /// nothing stands on another one, or on the same. They are few enough to be held in memory all together.
  func fetchWhole(
    _ packet: Packet, from server: ServerAddress, to farServer: ServerAddress
  ) async throws -> [Int: PacketContent] {
    // Where the servers may exchange them directly, each goes by itself.
    if memory.storesDirectly(farServer) { return [:] }
    if await sessions.mayExchange(server, farServer) { return [:] }
    let jobs = packet.jobs
    let wanted = jobs.indices.filter { index in
      packet.isWanted(index) && memory.isFree(jobs[index].item.target.remote, on: farServer, in: packet.batch.id)
    }
    let files = wanted.map { index in
      SmallDownload(
        jobs[index].item.source.remote, limit: Int(jobs[index].item.size ?? 0),
        wantsTime: jobs[index].item.modified?.isUTC != true)
    }
    let contents = Mutex<[Int: PacketContent]>([:])
    do {
      try await sessions.with(server) { session in
        try await session.retrieve(
          files, isWanted: { packet.isWanted(wanted[$0]) },
          onResult: { position, result in
            let item = jobs[wanted[position]].item
            guard case .success(let content) = result, Int64(content.bytes.readableBytes) == item.size else { return }
            let modified = item.modified?.isUTC == true ? item.modified : content.modified
            contents.withLock {
              $0[wanted[position]] = PacketContent(bytes: content.bytes, modified: modified)
            }
          })
      }
    } catch let error as FTPSError where error != .cancelled && !contents.withLock(\.isEmpty) {
      // Those that have come are whole; what is wrong with the server shows with the next one.
    }
    return contents.withLock { $0 }
  }
}
