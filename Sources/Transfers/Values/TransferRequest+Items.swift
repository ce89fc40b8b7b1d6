extension TransferRequest {
  /// The first items of the batch.
  var items: [NewItem] {
    let needsFTPNames = source.place != .local || target.place != .local
    return entries.map { entry in
      let newName = entry.newName ?? entry.name
      var state = ItemState.waiting
      for name in [entry.name, newName] where needsFTPNames && !name.isCarriedByFTP {
        state = .failed(TransferFailure(TransferError.unsuitableName(name)))
      }
      var item = NewItem(
        kind: entry.kind, source: ItemPath(source).appending(entry.name), target: ItemPath(target).appending(newName),
        depth: 1, size: entry.size, modified: entry.modified, identity: entry.identity, state: state)
      item.permissions = entry.permissions
      item.priority = priority
      item.collides = entry.collides
      item.expected = entry.expected
      return item
    }
  }
}
