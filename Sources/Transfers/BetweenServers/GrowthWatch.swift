import FTP
import FTPSClient

/// Looks at a file that a server gets from another one, over a session that is free just now: how much of it is there,
/// and whether any more comes.
struct GrowthWatch: Sendable {
  let sessions: any RemoteSessions
  let server: ServerAddress
  /// How long nothing may come.
  let stall: Duration
  /// Between two looks.
  var interval = Duration.seconds(1)

  /// Bytes a second that are expected where nothing can be seen.
  private static let slowest: Int64 = 32 << 10

  /// What was seen of it.
  private struct Sight {
    var length: Int64
    var lastGrowth: ContinuousClock.Instant?
    var hasAnswer = false
  }

  private actor Eye {
    private(set) var sight: Sight
    init(_ length: Int64) { sight = Sight(length: length) }

    func saw(_ length: Int64) {
      sight.hasAnswer = true
      guard length > sight.length else { return }
      sight.length = length
      sight.lastGrowth = .now
    }
  }

  /// Runs until nothing has come for too long, or the task is cancelled.
  func run(_ path: RemotePath, from offset: Int64, _ progress: ByteProgress, size: Int64) async {
    let eye = Eye(offset)
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        // Where no session is free for it, this waits, and the other one goes on.
        while await pause() {
          guard let length = await length(of: path) else { continue }
          await eye.saw(length)
          progress.restart(at: min(await eye.sight.length, size))
        }
      }
      while await pause() {
        if isStalled(await eye.sight, since: start, rest: size - offset, size: size) { break }
      }
      group.cancelAll()
    }
  }

  /// What has been seen to grow has to go on with it. Some servers do not tell the size of a file that grows, and there
  /// may be no session to ask with: then the whole has as long as a slow line needs.
  private func isStalled(_ sight: Sight, since start: ContinuousClock.Instant, rest: Int64, size: Int64) -> Bool {
    let now = ContinuousClock.now
    if let lastGrowth = sight.lastGrowth {
      // All is there: what is missing is only the servers' word.
      return now - lastGrowth > (sight.length < size ? stall : stall * 2)
    }
    let blindLimit = stall + Duration.seconds(rest / Self.slowest)
    return now - start > (sight.hasAnswer ? stall * 5 : blindLimit)
  }

  /// - Returns: false where the task is cancelled.
  private func pause() async -> Bool {
    do { try await Task.sleep(for: interval) } catch { return false }
    return !Task.isCancelled
  }

  /// The wait for a session can be cancelled, the question not: giving it up costs the session.
  private func length(of path: RemotePath) async -> Int64? {
    try? await sessions.with(server) { session in await Task { try? await session.size(of: path) }.value }
  }
}
