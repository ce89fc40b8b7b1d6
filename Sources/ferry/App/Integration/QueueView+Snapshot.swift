import FTP
import SystemPackage
import Transfers

extension QueueView {
  /// The queue as the drawer shows it: what runs, what needs somebody, what failed, what waits, what is over.
  init(_ snapshot: QueueSnapshot, home: FilePath?) {
    let order: [QueueTab] = [.running, .needsYou, .failed, .waiting, .finished]
    self.init(
      rows: order.flatMap { tab in snapshot[tab].map { QueueRow($0, home: home) } }, running: snapshot.counts.running,
      waiting: snapshot.counts.waiting, needsYou: snapshot.counts.needsYou, failed: snapshot.counts.failed,
      done: snapshot.counts.finished, speed: snapshot.bytesPerSecond,
      secondsLeft: snapshot.secondsLeft.map { Int(min($0, 1e9).rounded(.up)) }, isPaused: snapshot.isPaused)
  }
}

extension QueueRow {
  init(_ row: QueueSnapshot.Row, home: FilePath?) {
    let direction: Direction =
      switch row.direction {
      case .upload: .upload
      case .download: .download
      case .local, .betweenServers: .across
      }
    let suffix: [UInt8] = row.kind == .folder ? [UInt8(ascii: "/")] : []
    self.init(
      id: row.id.rawValue, direction: direction, name: row.name.bytes + suffix, from: Self.folder(row.source, home),
      to: Self.folder(row.target, home), state: Self.state(row), bytesDone: row.bytes, bytesTotal: row.size,
      speed: row.bytesPerSecond, secondsLeft: row.secondsLeft.map { Int(min($0, 1e9).rounded(.up)) },
      proof: Self.proof(row.state))
  }

  private static func proof(_ state: ItemState) -> String? {
    switch state {
    case .done(.hash(let algorithm, _, _)): "same \(algorithm.rawValue)"
    case .done(.readBack): "read back"
    case .done(.length): "same length"
    case .done(.acknowledged): "length not told"
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
    case .needsYou(.credentials(let server, _)): .needsYou("\(server.host) wants a password: Enter")
    case .needsYou(.server(_, let reason)): .needsYou(reason)
    case .failed(let failure): .failed(failure.reason)
    case .done: .done
    case .skipped, .cancelled: .skipped
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
    let entries = order.entries.map { entry in
      Entry(
        entry.name, kind: TransferItem.Kind(entry.kind), size: entry.size, modified: entry.modified,
        newName: order.newName)
    }
    self.init(
      from: order.source.location, entries, to: order.target.location, operation: order.isMove ? .move : .copy,
      onConflict: ConflictPolicy(order.onConflict))
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

extension ConflictPolicy {
  init(_ answer: ConflictAnswer) {
    self =
      switch answer {
      case .ask: .ask
      case .overwrite: .overwrite
      case .skip: .skip
      case .rename: .rename
      case .newer: .newer
      case .resume: .resume
      }
  }
}

extension ConflictQuestion {
  init(_ row: QueueSnapshot.Row, _ conflict: Conflict) {
    let target = Place(row.target)
    self.init(
      item: row.id.rawValue, name: target.name?.bytes ?? row.name.bytes, target: (target.parent ?? target).pathBytes,
      source: Version(size: conflict.source.size, modified: conflict.source.modified),
      existing: Version(size: conflict.target.size, modified: conflict.target.modified))
  }
}
