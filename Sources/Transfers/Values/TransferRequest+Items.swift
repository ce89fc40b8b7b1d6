extension TransferRequest {
  /// The first items of the batch.
  var items: [NewItem] { removesListed ? listedItems : plainItems }

  private var plainItems: [NewItem] {
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

  /// Each with its folder, which waits for what is in it.
  private var listedItems: [NewItem] {
    var items = entries.map { entry in
      let path = entry.folders.reduce(ItemPath(source)) { $0.appending($1) }.appending(entry.name)
      var item = NewItem(kind: entry.kind, source: path, target: path, depth: entry.folders.count + 1)
      item.expected = entry.expected
      if item.kind == .folder { item.stage = .emptying }
      item.priority = priority
      return item
    }
    let pairs = items.enumerated().filter { $1.kind == .folder }.map { ($1.source, $0) }
    let folders = Dictionary(pairs) { first, _ in first }
    for index in items.indices { items[index].parent = folders[items[index].source.removingLast(1)] }
    return items
  }
}
