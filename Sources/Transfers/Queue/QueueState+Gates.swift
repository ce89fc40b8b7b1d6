import FTPSClient

/// Whether items of one server may run, while something is wrong with the server as a whole. Without it, each of many
/// items would find out by itself.
enum Gate: Equatable {
  /// Closed for a while, after so many failures in a row.
  case backingOff(failures: Int)
  /// One item may try.
  case probing(failures: Int, by: TransferItem.ID?)
  /// Closed until a person has done something.
  case closed(Question, TransferFailure.Kind)
}

extension QueueState {
  /// A person has done something about a server: a password is known now, or it is worth another try.
  package mutating func serverReady(_ place: Place) -> [QueueAction] {
    gates[place] = nil
    var actions: [QueueAction] = []
    for id in lists[Shelf.needsYou.rawValue].window(from: 0, count: .max, isValid: isValid) {
      guard let item = entries[id]?.item, case .needsYou(let question) = item.state,
        question.server.map(Place.remote) == place
      else { continue }
      set(id, .waiting, on: readyShelf(item))
      actions.append(.changed(id))
    }
    return actions + fill()
  }

  func isOpen(_ place: Place?) -> Bool {
    guard let place, let gate = gates[place] else { return true }
    switch gate {
    case .backingOff, .closed: return false
    case .probing(_, let prober): return prober == nil
    }
  }

  mutating func passGate(_ place: Place?, _ id: TransferItem.ID) {
    guard let place, case .probing(let failures, nil) = gates[place] else { return }
    gates[place] = .probing(failures: failures, by: id)
  }

  /// Whoever has come as far as the server shows that it can be reached.
  mutating func openGates(after outcome: JobOutcome, of item: TransferItem) {
    for place in batches[item.batch]?.batch.servers ?? [] {
      guard case .probing(let failures, let prober) = gates[place], prober == item.id else { continue }
      if case .failed(let error) = outcome {
        switch FailureClass(error) {
        case .retryServer(let server) where .remote(server) == place: continue
        case .ask(let question, _) where question.server.map(Place.remote) == place: continue
        case .cancelled, .retryServer, .ask:
          // It was stopped, or failed at another server, before it knew: somebody else tries.
          gates[place] = .probing(failures: failures, by: nil)
          continue
        case .retryItem, .retryJournal, .full, .final: break
        }
      }
      gates[place] = nil
    }
  }

  /// The item that asks about a server, or a volume, is put away: another one may find out, and ask.
  mutating func leaveGate(_ item: TransferItem) {
    guard case .needsYou(let question) = item.state else { return }
    if let server = question.server { gates[.remote(server)] = nil }
    // Whoever calls this puts the item itself away.
    if let volume = volume(of: item) { _ = letIn(to: volume) }
  }

  mutating func serverFailed(_ place: Place, _ id: TransferItem.ID, _ error: TransferError) -> [QueueAction] {
    var failures = 0
    switch gates[place] {
    // One item is enough to find out; this one began before.
    case .backingOff: return waitAgain(id)
    case .probing(let earlier, let prober):
      guard prober == id else { return waitAgain(id) }
      failures = earlier
    case .closed: return waitAgain(id)
    case nil: break
    }
    failures += 1
    entries[id]?.item.problem = "\(error)"
    if failures >= retries.serverAttempts, let server = place.server {
      return serverAsks(.server(server, reason: "\(error)"), id, error)
    }
    gates[place] = .backingOff(failures: failures)
    let delay = retries.delay(afterFailures: failures, jitter: jitter())
    return waitAgain(id) + [.wake(.server(place), after: delay)]
  }

  /// Only one item asks; the others of that server wait behind the gate, or fail where nobody is there to answer.
  mutating func serverAsks(_ question: Question, _ id: TransferItem.ID, _ error: TransferError) -> [QueueAction] {
    guard let item = entries[id]?.item, let server = question.server else { return [] }
    let place = Place.remote(server)
    let failure = TransferFailure(error)
    guard batches[item.batch]?.batch.isAttended == true else {
      set(id, .failed(failure), on: .failed)
      return [.changed(id)] + failUnattended(behind: place, failure)
    }
    if case .closed = gates[place] { return waitAgain(id) }
    gates[place] = .closed(question, failure.kind)
    set(id, .needsYou(question), on: .needsYou)
    return [.changed(id)] + failUnattended(behind: place, failure)
  }

  private mutating func waitAgain(_ id: TransferItem.ID) -> [QueueAction] {
    guard let item = entries[id]?.item else { return [] }
    set(id, .waiting, on: readyShelf(item))
    return [.changed(id)]
  }

  private mutating func failUnattended(behind place: Place, _ failure: TransferFailure) -> [QueueAction] {
    var actions: [QueueAction] = []
    var touched: [TransferBatch.ID] = []
    if case .closed = gates[place] {} else { gates[place] = nil }
    for priority in Priority.descending {
      let concerned = lanes.filter { $0.key.priority == priority && $0.key.places.contains(place) }.values
      let waiting = concerned.flatMap { lane in
        [lane.folders, lane.files].flatMap { $0.window(from: 0, count: .max, isValid: isValid) }
      }
      // Lanes have no order among one another.
      for id in concerned.count > 1 ? waiting.sorted() : waiting {
        guard let batch = entries[id]?.item.batch, batches[batch]?.batch.isAttended == false else { continue }
        touched.append(batch)
        set(id, .failed(failure), on: .failed)
        actions.append(.changed(id))
      }
    }
    return actions + closeBatches(touched)
  }
}
