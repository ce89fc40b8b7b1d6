import DequeModule
import FTPSClient
import NIOCore
import Synchronization

/// Bytes on their way from one server to another: a few of them, in memory. Whoever brings them waits while there are
/// enough, whoever takes them while there are none, so the slower of the two connections sets the pace.
final class Relay: ByteSink, ByteSource {
  /// The upload has ended before the download.
  struct Abandoned: Error {}

  /// Bytes that are held at most, but for the chunk that goes over it.
  static let limit = 2 << 20

  let isPaced = true

  private struct State {
    var chunks: Deque<ByteBuffer> = []
    var count = 0
    var isOver = false
    var isAbandoned = false
    var failure: (any Error)?
    var sleepers: [End: CheckedContinuation<Void, Never>] = [:]
  }

  private enum End { case reader, writer }

  private let progress: ByteProgress
  private let digest: ContentDigest?
  private let state = Mutex(State())

  /// - Parameters:
  ///   - progress: told of what the far end takes.
  ///   - digest: takes every byte that goes by.
  init(progress: ByteProgress, digest: ContentDigest? = nil) {
    self.progress = progress
    self.digest = digest
  }

  /// Bytes that are held now.
  var held: Int { state.withLock { $0.count } }

  // MARK: The near end

  /// - Throws: ``Abandoned``, `CancellationError`.
  func write(_ bytes: ByteBuffer) async throws {
    if let digest { bytes.withUnsafeReadableBytes { digest.update($0) } }
    try put(bytes)
    while state.withLock({ $0.count >= Self.limit && !$0.isAbandoned }) {
      await wait(at: .writer) { $0.count < Self.limit || $0.isAbandoned }
      try Task.checkCancellation()
    }
    if state.withLock({ $0.isAbandoned }) { throw Abandoned() }
  }

  private func put(_ bytes: ByteBuffer) throws {
    let isAbandoned = state.withLock { state in
      if state.isAbandoned { return true }
      state.chunks.append(bytes)
      state.count += bytes.readableBytes
      wake(.reader, &state)
      return false
    }
    if isAbandoned { throw Abandoned() }
  }

  /// No more will come.
  ///
  /// - Parameter error: why the end is not the end of the file; nil where all of it came.
  func finish(_ error: (any Error)?) {
    state.withLock { state in
      state.isOver = true
      state.failure = error
      wake(.reader, &state)
    }
  }

  // MARK: The far end

  /// - Throws: what kept the rest from coming.
  func read(upTo count: Int) async throws -> ByteBuffer? {
    while true {
      let (chunk, isOver) = try state.withLock { state in
        if let chunk = take(upTo: count, &state) { return (Optional(chunk), false) }
        if let failure = state.failure { throw failure }
        return (nil, state.isOver)
      }
      if let chunk {
        progress.add(chunk.readableBytes)
        return chunk
      }
      if isOver { return nil }
      try Task.checkCancellation()
      await wait(at: .reader) { !$0.chunks.isEmpty || $0.isOver }
    }
  }

  /// Nobody takes any more.
  func abandon() {
    state.withLock { state in
      state.isAbandoned = true
      state.chunks = []
      state.count = 0
      wake(.writer, &state)
    }
  }

  private func take(upTo count: Int, _ state: inout State) -> ByteBuffer? {
    guard var chunk = state.chunks.popFirst() else { return nil }
    if chunk.readableBytes > count, let part = chunk.readSlice(length: count) {
      state.chunks.prepend(chunk)
      chunk = part
    }
    state.count -= chunk.readableBytes
    // Half of the room at once: a task that is woken for each chunk costs more than the chunk.
    if state.count <= Self.limit / 2 { wake(.writer, &state) }
    return chunk
  }

  // MARK: Waiting

  /// Waits until something may have changed, or the task is cancelled.
  private func wait(
    at end: End, unless isReady: @Sendable (State) -> Bool
  ) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { state in
          if isReady(state) || Task.isCancelled {
            continuation.resume()
          } else {
            state.sleepers[end] = continuation
          }
        }
      }
    } onCancel: {
      state.withLock { wake(end, &$0) }
    }
  }

  private func wake(_ end: End, _ state: inout State) { state.sleepers.removeValue(forKey: end)?.resume() }
}
