import Transfers

/// Tells how a queue is going while it runs: lines that replace one another on a terminal, or objects once a second.
struct ProgressReport {
  let output: Output
  /// Objects come this far apart.
  private static let interval = Duration.seconds(1)

  /// Until the queue stops, or the task is cancelled.
  func follow(_ queue: TransferQueue) async {
    let clock = ContinuousClock()
    // What takes no longer than that is told when it is done.
    var last = clock.now
    for await snapshot in queue.updates {
      if output.canRedraw {
        output.showStatus(ProgressLines(width: ProgressLines.terminalWidth).lines(snapshot))
      } else if output.isJSON, clock.now - last >= Self.interval, snapshot.counts.running > 0 {
        last = clock.now
        for row in snapshot[.running] where row.kind == .file { output.object(Self.running(row)) }
        output.object(Self.total(snapshot))
      }
    }
  }

  private static func running(_ row: QueueSnapshot.Row) -> JSONObject {
    var object = JSONObject()
    object.add("state", "running")
    object.add("kind", row.kind.rawValue)
    object.add("source", bytes: row.source.path)
    object.add("target", bytes: row.target.path)
    object.add("bytes", row.bytes)
    object.add("size", row.size)
    object.add("bytesPerSecond", Int64(row.bytesPerSecond))
    object.add("secondsLeft", row.secondsLeft.map { Int64($0.rounded(.up)) })
    return object
  }

  private static func total(_ snapshot: QueueSnapshot) -> JSONObject {
    var object = JSONObject()
    object.add("state", "total")
    object.add("running", Int64(snapshot.counts.running))
    object.add("waiting", Int64(snapshot.counts.waiting))
    object.add("needsYou", Int64(snapshot.counts.needsYou))
    object.add("failed", Int64(snapshot.counts.failed))
    object.add("finished", Int64(snapshot.counts.finished))
    object.add("bytesLeft", snapshot.bytesLeft)
    object.add("bytesPerSecond", Int64(snapshot.bytesPerSecond))
    object.add("secondsLeft", snapshot.secondsLeft.map { Int64(min($0, 1e12).rounded(.up)) })
    return object
  }
}
