/// Volumes without room. One item asks about each, and what else goes there waits with it: each of many items would ask
/// by itself otherwise, after it has tried in vain.
///
/// Which volume a batch goes to is learnt when the first of its items does not fit; all of the batch is held then.
extension QueueState {
  /// What does not fit waits until a person has made room. Where nobody is there to answer it fails; smaller ones may fit.
  mutating func volumeFilled(_ id: TransferItem.ID, _ error: TransferError) -> [QueueAction] {
    guard let item = entries[id]?.item, let batch = batches[item.batch]?.batch else { return [] }
    guard batch.isAttended else {
      set(id, .failed(TransferFailure(error)), on: .failed)
      return [.changed(id)]
    }
    let volume = batch.target.server.map(Volume.server) ?? error.fullDisk
    if let volume {
      batches[item.batch]?.volume = volume
      if fullVolumes[volume] == nil {
        fullVolumes[volume] = id
      } else {
        set(id, .waiting, on: .parked)
        hold(item.batch, "\(error)")
        return [.changed(id)]
      }
    }
    set(id, .needsYou(.volume(reason: "\(error)")), on: .needsYou)
    if volume != nil { hold(item.batch, "\(error)") }
    return [.changed(id)]
  }

  /// Whether an item waits until there is room where its batch goes.
  func isHeld(_ item: TransferItem) -> Bool {
    guard let volume = batches[item.batch]?.volume else { return false }
    return fullVolumes[volume] != nil
  }

  /// A person has made room, or whoever asked has been put away, and another one may find out.
  mutating func letIn(to volume: Volume) -> [QueueAction] {
    guard let asker = fullVolumes.removeValue(forKey: volume) else { return [] }
    let held = Set(batches.filter { $0.value.volume == volume }.keys)
    for batch in held { batches[batch]?.volume = nil }
    let waiting = inOrder { entry in
      held.contains(entry.item.batch) && entry.shelf == .parked && entry.item.state == .waiting
    }
    for item in waiting where !isEmptying(item) && !working.contains(item.id) {
      entries[item.id]?.item.problem = nil
      set(item.id, .waiting, on: readyShelf(item))
    }
    guard let item = entries[asker]?.item, case .needsYou(.volume) = item.state else { return [] }
    set(asker, .waiting, on: readyShelf(item))
    return [.changed(asker)]
  }

  /// The volume that an item asks about, or waits for.
  func volume(of item: TransferItem) -> Volume? {
    switch item.state {
    case .needsYou(.volume): fullVolumes.first { $0.value == item.id }?.key
    case .waiting: isHeld(item) ? batches[item.batch]?.volume : nil
    default: nil
    }
  }

  private mutating func hold(_ batch: TransferBatch.ID, _ reason: String) {
    let ready = inOrder { entry in
      entry.item.batch == batch && (entry.shelf == .readyFile || entry.shelf == .readyFolder)
    }
    for item in ready {
      entries[item.id]?.item.problem = reason
      set(item.id, .waiting, on: .parked)
    }
  }

  /// Lists are quick where what comes to them comes in their order.
  private func inOrder(_ isMeant: (Entry) -> Bool) -> [TransferItem] {
    entries.values.filter(isMeant).map(\.item).sorted { ($0.position, $0.id) < ($1.position, $1.id) }
  }
}

extension TransferError {
  /// The disk of this machine that has no room, where it is known which.
  fileprivate var fullDisk: Volume? {
    guard case .local(let fault) = self else { return nil }
    return fault.device.map(Volume.disk)
  }
}
