import FTP
import SystemPackage
import Transfers

extension QueueView {
  /// The queue as the drawer shows it: all counts, and the rows of a window.
  init(
    _ snapshot: QueueSnapshot, rows: [QueueSnapshot.Row], of window: QueueWindow, limit: Double?, home: FilePath?
  ) {
    self.init(
      rows: rows.map { QueueRow($0, home: home) }, window: window, running: snapshot.counts.running,
      waiting: snapshot.counts.waiting, needsYou: snapshot.counts.needsYou, failed: snapshot.counts.failed,
      done: snapshot.counts.finished, speed: snapshot.bytesPerSecond,
      secondsLeft: snapshot.secondsLeft.map { Int(min($0, 1e9).rounded(.up)) }, isPaused: snapshot.isPaused,
      limit: limit)
  }
}

extension QueueRow {
  init(_ row: QueueSnapshot.Row, home: FilePath?) {
    let suffix: [UInt8] = row.kind == .folder ? [UInt8(ascii: "/")] : []
    self.init(
      id: row.id.rawValue, order: row.batch.rawValue, direction: Direction(row.direction),
      name: row.name.bytes + suffix, from: Self.folder(row.source, home), to: Self.folder(row.target, home),
      state: Self.state(row), bytesDone: row.bytes, bytesTotal: row.size, speed: row.bytesPerSecond,
      secondsLeft: row.secondsLeft.map { Int(min($0, 1e9).rounded(.up)) }, priority: row.priority, policy: row.policy,
      attempts: row.attempts, isMove: row.operation == .move, source: Place(row.source), target: Place(row.target),
      remark: Self.remark(row), outcome: Self.outcome(row))
    switch row.operation {
    case .copy, .move: break
    case .delete: work = .delete
    case .setPermissions: work = .permissions
    }
    way = row.way?.sentence ?? ""
    entriesDone = row.entriesDone
    entriesFound = row.entriesFound
  }

  private static func remark(_ row: QueueSnapshot.Row) -> String? {
    switch row.state {
    case .running: row.problem ?? (row.way == .betweenServers ? "between the servers" : nil)
    case .done where row.remark != nil: row.remark
    case .done(.hash(let algorithm, _, _)): "same \(algorithm.rawValue)"
    case .done(.readBack): "read back"
    case .done(.length): row.way == .betweenServers ? "same length, directly" : "same length"
    case .done(.acknowledged): "length not told"
    case .done(.renamed): "renamed"
    case .done(.removed(let count)): ByteText.exact(count) + " deleted"
    case .done(.changed(let count)): ByteText.exact(count) + " changed"
    default: nil
    }
  }

  private static func folder(_ location: Location, _ home: FilePath?) -> [UInt8] {
    let place = Place(location)
    return (place.parent ?? place).pathBytes(home: home)
  }

  private static func state(_ row: QueueSnapshot.Row) -> State {
    switch row.state {
    case .waiting: row.problem.map { .retrying($0) } ?? .waiting
    case .running: .running
    case .paused: .paused
    case .needsYou(.conflict): .needsYou("exists already: Enter decides")
    case .needsYou(.credentials(let server, _, _)): .needsYou("\(server.host) wants a password: Enter")
    case .needsYou(.server(_, let reason)): .needsYou("Enter tries again: \(reason)")
    case .needsYou(.volume(let reason)):
      .needsYou((row.target.place == .local ? "the disk is full: Enter" : "no room there: Enter") + " · \(reason)")
    case .failed(let failure): .failed(failure.reason)
    case .done: .done
    case .skipped: .skipped
    case .cancelled: .cancelled
    }
  }

  private static func outcome(_ row: QueueSnapshot.Row) -> String {
    switch row.state {
    case .done(let proof): row.remark.map { proof.sentence + " " + $0 } ?? proof.sentence
    case .skipped(let reason): reason
    case .cancelled: ""
    case .needsYou(.credentials(_, let reason, _)), .needsYou(.server(_, let reason)), .needsYou(.volume(let reason)):
      reason
    case .waiting, .running, .paused, .needsYou(.conflict), .failed: ""
    }
  }
}

extension QueueRow.Direction {
  init(_ direction: TransferBatch.Direction) {
    self =
      switch direction {
      case .upload: .upload
      case .download: .download
      case .local, .betweenServers: .across
      }
  }
}

extension Place {
  init(_ location: Location) {
    switch location {
    case .local(let path): self = .local(path)
    case .remote(let server, let path): self = .remote(server, path)
    }
  }

  var location: Location {
    switch self {
    case .local(let path): .local(path)
    case .remote(let server, let path): .remote(server, path)
    }
  }
}

extension TransferRequest {
  init(_ order: TransferOrder) {
    let entries = order.entries.map { Entry($0, newName: order.newName) }
    self.init(
      from: order.source.location, entries, to: order.target.location, operation: order.isMove ? .move : .copy,
      onConflict: order.onConflict, verifies: order.verifies, keepsPermissions: order.keepsPermissions,
      priority: order.priority)
  }
}

extension TransferRequest.Entry {
  init(_ entry: ferry.Entry, newName: FileName? = nil) {
    self.init(
      entry.name, kind: TransferItem.Kind(entry.kind), size: entry.size, modified: entry.modified, newName: newName)
    if entry.kind == .file || entry.kind == .folder { permissions = entry.permissions }
  }
}

extension TransferItem.Kind {
  /// Where a pane is not sure, as of links, the queue looks itself.
  init(_ kind: ferry.Entry.Kind) {
    self =
      switch kind {
      case .file: .file
      case .folder: .folder
      case .folderLink, .link, .brokenLink, .special: .unknown
      }
  }
}

extension ConflictQuestion {
  init(_ row: QueueSnapshot.Row, _ conflict: Conflict) {
    let (from, target) = (Place(row.source), Place(row.target))
    self.init(
      item: row.id.rawValue, name: target.name?.bytes ?? row.name.bytes, from: (from.parent ?? from).pathBytes,
      target: (target.parent ?? target).pathBytes, direction: QueueRow.Direction(row.direction),
      source: Version(size: conflict.source.size, modified: conflict.source.modified),
      existing: Version(size: conflict.target.size, modified: conflict.target.modified))
  }
}
