import FTP
import FTPSClient
import NIOCore

/// Small files that go from one server to another, or to another folder of the same one, through memory: few enough to be
/// held there all together.
extension JobRunner {
  /// Those files of a packet that can go together with others.
  func relayable(_ packet: Packet, from server: ServerAddress, to farServer: ServerAddress) async -> [Int] {
    // Where the servers may exchange them directly, each goes by itself.
    if memory.storesDirectly(farServer) { return [] }
    if await sessions.mayExchange(server, farServer) { return [] }
    return packet.jobs.indices.filter { index in
      packet.isWanted(index) && memory.isFree(packet.jobs[index].item.target.remote, on: farServer, in: packet.batch.id)
    }
  }

  /// Brings the contents of those that the server still has in the length that it told.
  func fetch(_ indices: [Int], of packet: Packet, from server: ServerAddress, into supply: PacketSupply) async {
    defer { supply.end() }
    if indices.isEmpty { return }
    let jobs = packet.jobs
    let files = indices.map { index in
      SmallDownload(
        jobs[index].item.source.remote, limit: Int(jobs[index].item.size ?? 0),
        wantsTime: jobs[index].item.modified?.isUTC != true)
    }
    // What is wrong with the server shows with the first one that has to go by itself.
    try? await sessions.with(server) { session in
      try await session.retrieve(
        files, isWanted: { packet.isWanted(indices[$0]) && !supply.isAbandoned },
        onResult: { position, result in
          let item = jobs[indices[position]].item
          guard case .success(let content) = result, Int64(content.bytes.readableBytes) == item.size else { return }
          let modified = item.modified?.isUTC == true ? item.modified : content.modified
          supply.add(PacketContent(bytes: content.bytes, modified: modified), of: indices[position])
        })
    }
  }
}
