import FTP
import Transfers

/// What became of one item, for people and for scripts.
struct ItemReport {
  let row: QueueSnapshot.Row

  init(_ row: QueueSnapshot.Row) { self.row = row }

  /// Nil where something may still happen to it.
  var word: String? {
    switch row.state {
    case .done: "done"
    case .skipped: "skipped"
    case .cancelled: "cancelled"
    case .failed, .needsYou: "failed"
    case .waiting, .running, .paused: nil
    }
  }

  /// Why it is not over there.
  var reason: String? {
    switch row.state {
    case .failed(let failure): failure.reason
    case .skipped(let reason), .needsYou(.credentials(_, let reason, _)), .needsYou(.server(_, let reason)): reason
    case .needsYou(.volume(let reason)): reason
    case .needsYou(.conflict): "The target exists already. Say with --on-conflict what to do."
    case .done, .cancelled, .waiting, .running, .paused: nil
    }
  }

  /// The exit status that its failure alone would lead to.
  var status: ExitStatus? {
    switch row.state {
    case .failed(let failure): ExitStatus(failure.kind)
    case .needsYou(.credentials): .loginRefused
    case .needsYou(.server): .noConnection
    case .needsYou(.conflict), .needsYou(.volume), .cancelled: .itemsFailed
    default: nil
    }
  }

  /// "done /www/index.html -> /home/ada/index.html (4.2 KiB)"
  var line: String {
    var line = "\(word ?? "open") "
    switch row.operation {
    case .copy, .move: line += "\(SafeText.escape(row.source.path)) -> \(SafeText.escape(row.target.path))"
    case .delete: line += "delete \(SafeText.escape(row.source.path))"
    case .setPermissions: line += "permissions \(SafeText.escape(row.source.path))"
    }
    if let reason {
      line += ": \(reason)"
    } else if row.state == .done(.renamed) {
      line += " (renamed)"
    } else if row.kind == .file, row.operation.isTransfer {
      line += " (\(Amount.size(row.bytes))\(proved)\(row.way == .betweenServers ? ", between the servers" : ""))"
    }
    return line
  }

  /// What was proved beyond the length.
  private var proved: String {
    switch row.state {
    case .done(.hash(let algorithm, _, _)): ", same \(algorithm.rawValue)"
    case .done(.readBack): ", read back"
    case .done(.acknowledged): ", length not told"
    default: ""
    }
  }

  /// The sentence about its failure.
  var problem: String { Headless.sentence("\(SafeText.escape(row.source.path)): \(reason ?? "not transferred")") }

  var json: JSONObject {
    var object = JSONObject()
    object.add("state", word ?? "open")
    object.add("kind", row.kind.rawValue)
    object.add("source", bytes: row.source.path)
    object.add("target", bytes: row.target.path)
    object.add("bytes", row.bytes)
    if case .done(let proof) = row.state {
      object.add("proof", proof.word)
      object.add("digest", proof.digest)
    }
    switch row.way {
    case .betweenServers: object.add("way", "between-servers")
    case .throughHere(let why):
      object.add("way", "through-here")
      object.add("wayReason", why)
    case nil: break
    }
    object.add("reason", reason)
    if let remark = row.remark { object.add("remark", remark) }
    return object
  }
}
