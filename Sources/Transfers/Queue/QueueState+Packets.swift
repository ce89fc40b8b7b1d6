/// Small files in packets: what one costs to begin and to end is spent on many, and what one session asks about a file
/// travels together with the beginning of the next one.
extension QueueState {
  /// Bytes that a file in a packet has at most.
  package static let smallSize: Int64 = 64 << 10

  /// Places of jobs that are taken; a packet takes one.
  var placesTaken: Int { working.count - packetOf.count + packets.count }

  /// Takes the small files that wait right behind one that has just begun: as many that every place gets some.
  ///
  /// - Returns: the packet, its leader first; empty where the leader is no part of one.
  mutating func gatherPacket(behind leader: TransferItem.ID) -> [TransferItem.ID] {
    guard packetLimit > 1, let item = entries[leader]?.item, isSmall(item), !hasGate(item) else { return [] }
    let lane = lane(of: item)
    let waiting = lanes[lane]?.files.count ?? 0
    // Smaller ones towards the end, so that all places end at the same time; but each costs the way to the server once.
    let room = min(packetLimit, (waiting + 1) / jobLimit) - 1
    var packet: [TransferItem.ID] = []
    while packet.count < room, let next = takeSmall(of: item.batch, in: lane) { packet.append(next) }
    // A file that comes alone is done by itself, but not the last one of many, whose session is warm.
    if packet.isEmpty, packets.isEmpty { return [] }
    lastPacket += 1
    for id in packet { begin(id) }
    for id in [leader] + packet { packetOf[id] = lastPacket }
    packets[lastPacket] = packet.count + 1
    return [leader] + packet
  }

  /// An item's job is over.
  mutating func leavePacket(_ id: TransferItem.ID) {
    guard let packet = packetOf.removeValue(forKey: id), let count = packets[packet] else { return }
    packets[packet] = count > 1 ? count - 1 : nil
  }

  private func hasGate(_ item: TransferItem) -> Bool {
    batches[item.batch]?.batch.servers.contains { gates[$0] != nil } ?? false
  }

  private func isSmall(_ item: TransferItem) -> Bool {
    guard item.kind == .file, item.stage == .transfer, let size = item.size, size <= Self.smallSize, !item.hasStarted,
      item.answer == nil, !item.collides, let batch = batches[item.batch]?.batch, batch.operation == .copy,
      !batch.verifies, !batch.keepsPermissions || item.permissions != nil
    else { return false }
    return batch.direction != .local
  }

  /// The next file of a lane, if it is a small one of this batch.
  private mutating func takeSmall(of batch: TransferBatch.ID, in lane: Lane.Key) -> TransferItem.ID? {
    var files = ItemList()
    // Without a copy of the list, which is taken out meanwhile.
    swap(&files, &lanes[lane, default: Lane()].files)
    defer { swap(&files, &lanes[lane, default: Lane()].files) }
    guard let first = files.first(isValid: { isValid($0) })?.item, let item = entries[first]?.item,
      item.batch == batch, isSmall(item)
    else { return nil }
    files.removeFirst()
    shelfCounts[Shelf.readyFile.rawValue] -= 1
    byteSums[Shelf.readyFile.rawValue] -= Int128(item.size ?? 0)
    entries[first]?.serial &+= 1
    return first
  }
}
