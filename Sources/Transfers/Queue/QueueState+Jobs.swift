extension QueueState {
  /// A batch with its first items was accepted; they run after those that are there already.
  package mutating func added(_ batch: TransferBatch, _ items: [TransferItem]) -> [QueueAction] {
    batches[batch.id] = BatchEntry(batch: batch)
    order.append(batch.id)
    entries.reserveCapacity(entries.count + items.count)
    for item in items { insert(item) }
    let leftOut: [QueueAction] = items.filter(\.state.isFinal).map { .changed($0.id) }
    return leftOut + recountEmptying(items) + closeBatches([batch.id]) + fill()
  }

  /// A batch of a process that has ended comes back from the journal. What ran then waits now.
  package mutating func restored(_ batch: TransferBatch, _ items: [TransferItem]) -> [QueueAction] {
    batches[batch.id] = BatchEntry(batch: batch)
    entries.reserveCapacity(entries.count + items.count)
    for var item in items {
      if item.state == .running { item.state = .waiting }
      if !item.state.isFinal || item.state.hasFailed { item.hasStarted = true }
      insert(item)
    }
    if (batches[batch.id]?.openCount ?? 0) > 0 { order.append(batch.id) }
    return recountEmptying(items) + closeBatches([batch.id]) + fill()
  }

  /// Begins as many jobs as there is room for.
  mutating func fill() -> [QueueAction] {
    var actions: [QueueAction] = []
    while !isPaused, placesTaken < jobLimit, let id = takeReady() {
      begin(id)
      let packet = gatherPacket(behind: id)
      actions.append(packet.isEmpty ? .start(id) : .startPacket(packet))
    }
    return actions
  }

  mutating func begin(_ id: TransferItem.ID) {
    entries[id]?.item.state = .running
    entries[id]?.shelf = .running
    put(id, on: .running)
    working.insert(id)
  }

  /// A job has ended.
  ///
  /// - Parameter moved: whether the attempt moved any bytes.
  package mutating func finished(_ id: TransferItem.ID, _ outcome: JobOutcome, moved: Bool = false) -> [QueueAction] {
    precondition(working.remove(id) != nil, "the item had no job")
    leavePacket(id)
    let isHalted = halted.remove(id) != nil
    guard let item = entries[id]?.item else { preconditionFailure("a job of an item that is gone") }
    if outcome != .notBegun { entries[id]?.item.hasStarted = true }
    if moved, !outcome.isDisproved { entries[id]?.item.attempts = 0 }
    openGates(after: outcome, of: item)
    var actions: [QueueAction] = []
    if doomed.remove(id) != nil {
      actions += abandon(id, outcome)
    } else {
      switch outcome {
      case .done(let proof): actions += complete(id, .done(proof)) + forgetFailures(of: id)
      case .expanded(let children): actions += expand(id, children)
      case .partly(let reason, let failed): actions += fail(id, reason, failed)
      // What a person has said meanwhile stands, unless the job was quicker.
      case .skipped(let reason): actions += item.state == .running ? close(id, .skipped(reason)) : settle(id)
      case .conflict(let conflict): actions += item.state == .running ? ask(id, conflict) : settle(id)
      case .failed(.cancelled) where isHalted && item.state == .running:
        set(id, .waiting, on: readyShelf(item))
        actions.append(.changed(id))
      case .failed(let error): actions += item.state == .running ? fail(id, error) : settle(id)
      case .notBegun:
        if item.state == .running { set(id, .waiting, on: readyShelf(item)) }
        actions += item.state == .running ? [.changed(id)] : settle(id)
      case .heldUp(let isUnderWay):
        actions += item.state == .running ? waitForOthers(id, isUnderWay: isUnderWay) : settle(id)
      }
    }
    return actions + closeBatches([item.batch]) + fill()
  }

  /// Bytes of an item that are over there.
  mutating func moved(_ id: TransferItem.ID, to bytes: Int64) { entries[id]?.item.bytes = bytes }

  /// Another process works on an item, so it is not this one's any more.
  package mutating func takenElsewhere(_ id: TransferItem.ID) -> [QueueAction] {
    precondition(working.remove(id) != nil, "the item had no job")
    leavePacket(id)
    halted.remove(id)
    let isDoomed = doomed.remove(id) != nil
    guard let item = entries[id]?.item else { return [] }
    // A person was quicker than the claim.
    if item.state != .running, !isDoomed { return settle(id) + closeBatches([item.batch]) + fill() }
    drop(id)
    let removed: [QueueAction] = isDoomed ? [.removed([id])] : []
    return removed + childFinished(item) + closeBatches([item.batch]) + fill()
  }

  /// Items without a job are another process's, or are done by one.
  package mutating func goneElsewhere(_ ids: [TransferItem.ID]) -> [QueueAction] {
    var actions: [QueueAction] = []
    var touched: [TransferBatch.ID] = []
    for id in ids where !working.contains(id) {
      guard let item = entries[id]?.item else { continue }
      touched.append(item.batch)
      leaveGate(item)
      drop(id)
      actions += childFinished(item)
    }
    return actions + closeBatches(touched) + fill()
  }

  /// A delay is over.
  package mutating func woke(_ wake: QueueAction.Wake) -> [QueueAction] {
    switch wake {
    case .item(let id):
      guard let entry = entries[id], entry.shelf == .parked, entry.item.state == .waiting, !isEmptying(entry.item),
        !working.contains(id)
      else { return [] }
      set(id, .waiting, on: readyShelf(entry.item))
    case .server(let place):
      guard case .backingOff(let failures) = gates[place] else { return [] }
      gates[place] = .probing(failures: failures, by: nil)
    }
    return fill()
  }

  /// What a job has found out about its item.
  package mutating func noted(_ id: TransferItem.ID, _ note: ItemNote) -> [QueueAction] {
    guard let shelf = entries[id]?.shelf else { return [] }
    switch note {
    case .source(let facts):
      byteSums[shelf.rawValue] += Int128(facts.size ?? 0) - Int128(entries[id]?.item.size ?? 0)
      entries[id]?.item.size = facts.size
      entries[id]?.item.modified = facts.modified
      entries[id]?.item.identity = facts.identity
    case .kind(let kind): entries[id]?.item.kind = kind
    case .target(let path):
      entries[id]?.item.target = path
      entries[id]?.item.newName = path.name
    case .replacesTarget: entries[id]?.item.answer = .overwrite
    case .extendsTarget: entries[id]?.item.answer = .resume
    case .handover(let proof): entries[id]?.item.handover = proof
    case .aside(let isAside): entries[id]?.item.hasAside = isAside
    case .startsAgain(let reason): entries[id]?.item.problem = reason
    case .remark(let text): entries[id]?.item.remark = text
    case .way(let way): entries[id]?.item.way = way
    }
    return [.changed(id)]
  }

  // MARK: Outcomes

  private mutating func complete(_ id: TransferItem.ID, _ state: ItemState) -> [QueueAction] {
    if case .done(let proof) = state, let bytes = proof.bytes { entries[id]?.item.bytes = bytes }
    entries[id]?.item.problem = nil
    set(id, state, on: .finished)
    return [.changed(id)] + (entries[id].map { childFinished($0.item) } ?? [])
  }

  private mutating func close(_ id: TransferItem.ID, _ state: ItemState) -> [QueueAction] {
    if case .failed = state { set(id, state, on: .failed) } else { set(id, state, on: .finished) }
    return [.changed(id)]
  }

  private mutating func ask(_ id: TransferItem.ID, _ conflict: Conflict) -> [QueueAction] {
    guard let item = entries[id]?.item, batches[item.batch]?.batch.asksConflicts == true else {
      guard let name = entries[id]?.item.target.name else { return [] }
      return close(id, .failed(TransferFailure(TransferError.targetExists(name))))
    }
    set(id, .needsYou(.conflict(conflict)), on: .needsYou)
    return [.changed(id)]
  }

  /// Looked at again and again: other processes do not tell when they are done.
  private mutating func waitForOthers(_ id: TransferItem.ID, isUnderWay: Bool) -> [QueueAction] {
    entries[id]?.item.attempts += 1
    let attempts = entries[id]?.item.attempts ?? 0
    let operation = entries[id].flatMap { batches[$0.item.batch]?.batch.operation } ?? .move
    guard isUnderWay || attempts < retries.itemAttempts else { return close(id, .skipped(Self.folderStays(operation))) }
    entries[id]?.item.problem = "Another running copy of Ferry still works on what is in this folder."
    set(id, .waiting, on: .parked)
    return [.changed(id), .wake(.item(id), after: retries.delay(afterFailures: attempts, jitter: jitter()))]
  }

  private mutating func fail(_ id: TransferItem.ID, _ error: TransferError) -> [QueueAction] {
    switch FailureClass(error) {
    case .cancelled:
      // Nobody has asked for it here: the program is ending, or a session was.
      set(id, .waiting, on: .parked)
      return [.changed(id), .wake(.item(id), after: retries.first)]
    case .final: return close(id, .failed(TransferFailure(error)))
    case .full: return volumeFilled(id, error)
    case .retryJournal:
      // Nothing is wrong with the item, so no attempt is counted: it goes on when there is room.
      entries[id]?.item.problem = "\(error)"
      set(id, .waiting, on: .parked)
      return [.changed(id), .wake(.item(id), after: retries.delay(afterFailures: 3, jitter: jitter()))]
    case .retryItem:
      entries[id]?.item.attempts += 1
      let attempts = entries[id]?.item.attempts ?? 0
      guard attempts < retries.itemAttempts else { return close(id, .failed(TransferFailure(error))) }
      entries[id]?.item.problem = "\(error)"
      set(id, .waiting, on: .parked)
      return [.changed(id), .wake(.item(id), after: retries.delay(afterFailures: attempts, jitter: jitter()))]
    case .retryServer(let server): return serverFailed(.remote(server), id, error)
    case .ask(let question, _): return serverAsks(question, id, error)
    }
  }

  /// A job has ended for whose item a person has decided something else meanwhile.
  private mutating func settle(_ id: TransferItem.ID) -> [QueueAction] {
    guard let entry = entries[id], let batch = batches[entry.item.batch]?.batch else { return [] }
    switch entry.item.state {
    case .waiting:
      set(id, .waiting, on: readyShelf(entry.item))
      return [.changed(id)]
    case .cancelled: return [.changed(id), .discardPart(entry.item, batch)]
    case .running, .paused, .needsYou, .failed, .done, .skipped: return []
    }
  }

  private mutating func abandon(_ id: TransferItem.ID, _ outcome: JobOutcome) -> [QueueAction] {
    guard let item = entries[id]?.item, let batch = batches[item.batch]?.batch else { return [] }
    var removed = [id]
    removed += outcome.children.map(\.id)
    drop(id)
    if case .done = outcome { return [.removed(removed)] + childFinished(item) }
    return [.discardPart(item, batch), .removed(removed)] + childFinished(item)
  }

  private mutating func expand(_ id: TransferItem.ID, _ children: [TransferItem]) -> [QueueAction] {
    guard let entry = entries[id], let batch = batches[entry.item.batch]?.batch else { return [] }
    if entry.item.state == .cancelled { return [.removed(children.map(\.id))] }
    // In the folder's own place, in their order: a tree is walked folder by folder.
    let positions = PositionGap(after: id, for: children.count, in: self)
    for (index, child) in children.enumerated() {
      var child = child
      child.priority = entry.item.priority
      if child.position == TransferItem.behindAll { child.position = positions[index] }
      insert(child)
    }
    let leftOut: [QueueAction] = children.filter(\.state.isFinal).map { .changed($0.id) }
    guard batch.operation == .move else { return complete(id, .done(.folder)) + leftOut }
    entries[id]?.item.stage = .emptying
    entries[id]?.unfinishedChildren = children.count { !$0.state.isDone }
    // Paused while its list was read, it stays so; what is in it goes on.
    guard entry.item.state != .paused else { return [.changed(id)] + leftOut }
    set(id, .waiting, on: .parked)
    batches[batch.id]?.emptyingFolders.insert(id)
    if entries[id]?.unfinishedChildren == 0 { return [.changed(id)] + emptied(id) }
    return [.changed(id)] + leftOut
  }

  mutating func insert(_ item: TransferItem) {
    precondition(entries[item.id] == nil, "an item twice")
    var item = item
    if item.position == TransferItem.behindAll { item.position = lastPosition + 1 }
    lastPosition = max(lastPosition, item.position)
    let shelf: Shelf =
      switch item.state {
      case .waiting: item.stage == .emptying ? .parked : readyShelf(item)
      case .paused: .parked
      case .needsYou: .needsYou
      case .failed: .failed
      case .done, .skipped, .cancelled: .finished
      case .running: preconditionFailure("an item that runs already")
      }
    entries[item.id] = Entry(item: item, shelf: shelf)
    batches[item.batch]?.itemCount += 1
    if !item.state.isFinal { batches[item.batch]?.openCount += 1 }
    put(item.id, on: shelf)
  }

  // MARK: Folders that wait for what is in them

  /// Whether a folder waits for what is in it.
  func isEmptying(_ item: TransferItem) -> Bool { batches[item.batch]?.emptyingFolders.contains(item.id) ?? false }

  /// A child is done, or has left the queue before it was: then the folder turns out not to be empty.
  mutating func childFinished(_ child: TransferItem) -> [QueueAction] {
    guard let parent = child.parent, entries[parent]?.item.stage == .emptying else { return [] }
    entries[parent]?.unfinishedChildren -= 1
    return entries[parent]?.unfinishedChildren == 0 ? emptied(parent) : []
  }

  private mutating func emptied(_ id: TransferItem.ID) -> [QueueAction] {
    guard let item = entries[id]?.item, isEmptying(item) else { return [] }
    batches[item.batch]?.emptyingFolders.remove(id)
    set(id, .waiting, on: readyShelf(item))
    return [.changed(id)]
  }

  private mutating func recountEmptying(_ items: [TransferItem]) -> [QueueAction] {
    guard items.contains(where: { $0.stage == .emptying && !$0.state.isDone }) else { return [] }
    let folders = items.filter { $0.stage == .emptying && $0.state == .waiting }
    for folder in folders { batches[folder.batch]?.emptyingFolders.insert(folder.id) }
    for item in items where !item.state.isDone {
      if let parent = item.parent { entries[parent]?.unfinishedChildren += 1 }
    }
    return folders.reversed().flatMap { entries[$0.id]?.unfinishedChildren == 0 ? emptied($0.id) : [] }
  }

  // MARK: Chance

  mutating func jitter() -> Double { Double.random(in: 0..<1, using: &random) }
}

extension JobOutcome {
  /// Items that came into the journal with it.
  fileprivate var children: [TransferItem] {
    switch self {
    case .expanded(let children), .partly(_, let children): children
    case .done, .skipped, .conflict, .failed, .notBegun, .heldUp: []
    }
  }

  /// Bytes have moved, but not those of the source: a source that never holds still is not tried for ever.
  fileprivate var isDisproved: Bool {
    switch self {
    case .failed(.lengthDiffers), .failed(.contentDiffers), .failed(.sourceChanged): true
    default: false
    }
  }
}

extension ItemState {
  var isDone: Bool { if case .done = self { true } else { false } }
}

/// What a job finds out about its item while it runs.
package enum ItemNote: Hashable, Sendable {
  /// The source as it is now.
  case source(FileFacts)
  case kind(TransferItem.Kind)
  /// It goes somewhere else than was planned: the name was taken.
  case target(ItemPath)
  /// From now on what stands at the target is this item's own work.
  case replacesTarget
  /// From now on what stands at the target is the beginning of the source.
  case extendsTarget
  /// Its target is complete, or is so in the same moment, and its source is about to go; nil: that has come to nothing.
  case handover(Proof?)
  /// What stands at the target is about to be put aside, or is so no more.
  case aside(Bool)
  /// What earlier attempts brought is of no use; why, as a sentence for people.
  case startsAgain(String)
  /// What a person should know, however it ends, as a sentence.
  case remark(String)
  /// How it goes from one server to another.
  case way(RelayWay)

  /// Whether the next attempt would do something else without it.
  var decides: Bool {
    switch self {
    case .source, .startsAgain, .way, .remark: false
    case .kind, .target, .replacesTarget, .extendsTarget, .handover, .aside: true
    }
  }
}
