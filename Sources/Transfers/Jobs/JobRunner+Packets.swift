import FTP
import FTPSClient
import NIOCore
import Synchronization

/// Packets take the way on which nothing unusual happens. An item that meets anything else, a file in its place, a
/// refusal, another length than was told, is done by itself afterwards, by the code that knows what to do then.
extension JobRunner {
  typealias Report = @Sendable ([(id: TransferItem.ID, outcome: JobOutcome)]) async -> Void

  /// - Parameter report: told of each item's end, of several together.
  func run(_ packet: Packet, report: @escaping Report) async {
    let rest: PacketRest
    switch (packet.batch.source, packet.batch.target) {
    case (.remote(let server), .local): rest = await download(packet, from: server, report)
    case (_, .remote(let server)): rest = await upload(packet, to: server, report)
    default: preconditionFailure("a packet goes from or to a server")
    }
    var untouched = rest.untouched
    var goesOn = true
    for index in rest.alone.sorted() {
      let job = rest.lostTrackOf.contains(index) ? packet.jobs[index].interrupted : packet.jobs[index]
      guard packet.isWanted(index), goesOn, !Task.isCancelled else {
        untouched.append(index)
        continue
      }
      guard case .outcome(let outcome) = await run(job) else { preconditionFailure("a file has no contents") }
      if case .failed(.server) = outcome { goesOn = false }
      if case .failed(.credentialsNeeded) = outcome { goesOn = false }
      // The others wait for room with it.
      if case .failed(let error) = outcome, FailureClass(error) == .full, packet.batch.isAttended { goesOn = false }
      await report([(job.item.id, outcome)])
    }
    // The last one first: each goes before all others that wait.
    await report(untouched.sorted(by: >).map { (packet.jobs[$0].item.id, .notBegun) })
  }
}

/// What is left of a packet when its session has done its part.
struct PacketRest: Sendable {
  /// To be done each by itself.
  var alone: [Int] = []
  /// Those of them that may be over there already.
  var lostTrackOf: Set<Int> = []
  /// Nothing was tried.
  var untouched: [Int] = []
}

extension Job {
  /// The same, of which an earlier attempt may have come to its end.
  var interrupted: Job {
    var item = item
    item.hasStarted = true
    return Job(item: item, batch: batch, progress: progress, note: note)
  }

  /// What is known of the source without asking.
  var planned: FileFacts { FileFacts(size: item.size, modified: item.modified) }
}
