/// Trees that are worked on where they are.
extension QueueState {
  /// All of a tree was done but for some files and folders, which become items of their own.
  mutating func fail(_ id: TransferItem.ID, _ reason: String, _ failed: [TransferItem]) -> [QueueAction] {
    guard let item = entries[id]?.item else { return [] }
    if item.state == .cancelled { return [.removed(failed.map(\.id))] }
    let earlier = forgetFailures(of: id)
    for child in failed { insert(child) }
    // A person who has said meanwhile that it is to wait finds it waiting.
    if item.state == .running { set(id, .failed(TransferFailure(.item, reason)), on: .failed) }
    return earlier + [.changed(id)] + failed.map { .changed($0.id) }
  }

  /// What an earlier attempt could not do has been tried again with the tree.
  mutating func forgetFailures(of id: TransferItem.ID) -> [QueueAction] {
    guard let item = entries[id]?.item, item.hasStarted, let batch = batches[item.batch]?.batch,
      !batch.operation.isTransfer, !batch.removesListed
    else { return [] }
    let gone = entries.values.filter { $0.item.parent == id && !working.contains($0.item.id) }.map(\.item.id).sorted()
    for id in gone { drop(id) }
    return gone.isEmpty ? [] : [.removed(gone)]
  }
}
