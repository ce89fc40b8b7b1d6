import DequeModule
import FTPSClient
package import NIOCore
import Synchronization

/// A local file as the source of an upload, read ahead of the network.
///
/// Reads to the end of the file, wherever that is by then: whether the file has changed meanwhile is asked with
/// ``isUnchanged()`` afterwards.
package final class FileSource: ByteSource {
  private struct State {
    var ready: Deque<ByteBuffer> = []
    var next: Int64
    var isReading = false
    var isAtEnd = false
    var failure: LocalFault?
    var reader: CheckedContinuation<Void, Never>?
  }

  /// Chunks that are read before anybody has asked for them.
  private static let chunksAhead = 8
  private static let chunkSize = 64 << 10

  /// The file's facts when it was opened.
  package let status: LocalStatus
  private let disk: LocalDisk
  private let file: OpenFile
  private let progress: ByteProgress?
  private let digest: ContentDigest?
  private let state: Mutex<State>

  /// - Parameters:
  ///   - file: open for reading.
  ///   - status: its facts.
  ///   - offset: where to begin, in bytes.
  ///   - digest: takes every byte that is read; it has those before `offset` already.
  package init(
    _ file: OpenFile, status: LocalStatus, from offset: Int64 = 0, disk: LocalDisk, progress: ByteProgress? = nil,
    digest: ContentDigest? = nil
  ) {
    self.file = file
    self.status = status
    self.disk = disk
    self.progress = progress
    self.digest = digest
    state = Mutex(State(next: offset))
  }

  /// The next bytes, or nil at the end.
  ///
  /// - Parameter count: at least 1.
  /// - Throws: ``LocalFault``
  package func read(upTo count: Int) async throws -> ByteBuffer? {
    while true {
      let (chunk, isOver, starts) = try state.withLock { state in
        let chunk = take(upTo: count, &state)
        if chunk == nil, let failure = state.failure { throw failure }
        // Half of the room at once: a thread that is woken for each chunk costs more than the reading.
        let starts =
          !state.isReading && !state.isAtEnd && state.failure == nil && state.ready.count <= Self.chunksAhead / 2
        if starts { state.isReading = true }
        return (chunk, chunk == nil && state.isAtEnd, starts)
      }
      if starts { disk.submit { files in self.readAhead(files) } }
      if let chunk {
        progress?.add(chunk.readableBytes)
        return chunk
      }
      if isOver { return nil }
      await arrival()
    }
  }

  /// Whether the file is still the one that was opened, with the same content as far as its facts tell.
  package func isUnchanged() async throws -> Bool {
    try await disk.run { [file, status] files in
      let now = try files.status(of: file)
      return now.size == status.size && now.modified == status.modified && now.changed == status.changed
    }
  }

  private func take(upTo count: Int, _ state: inout State) -> ByteBuffer? {
    guard var chunk = state.ready.popFirst() else { return nil }
    guard chunk.readableBytes > count, let part = chunk.readSlice(length: count) else { return chunk }
    state.ready.prepend(chunk)
    return part
  }

  // MARK: On the thread pool

  private func readAhead(_ files: any LocalFiles) {
    while true {
      let offset = state.withLock { $0.next }
      var chunk = ByteBufferAllocator().buffer(capacity: Self.chunkSize)
      do {
        let count = try chunk.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.chunkSize) { memory in
          try files.read(
            into: UnsafeMutableRawBufferPointer(rebasing: memory[..<Self.chunkSize]), from: file, at: offset)
        }
        if let digest { chunk.withUnsafeReadableBytes { digest.update($0) } }
        if !arrived(chunk, count) { return }
      } catch {
        failed(error as? LocalFault ?? LocalFault(.read, file.label, code: 0))
        return
      }
    }
  }

  /// Returns whether to go on reading.
  private func arrived(_ chunk: ByteBuffer, _ count: Int) -> Bool {
    state.withLock { state in
      if count == 0 { state.isAtEnd = true } else { state.ready.append(chunk) }
      state.next += Int64(count)
      state.isReading = count > 0 && state.ready.count < Self.chunksAhead
      state.reader?.resume()
      state.reader = nil
      return state.isReading
    }
  }

  private func failed(_ fault: LocalFault) {
    state.withLock { state in
      state.failure = fault
      state.isReading = false
      state.reader?.resume()
      state.reader = nil
    }
  }

  private func arrival() async {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if !state.ready.isEmpty || state.isAtEnd || state.failure != nil || !state.isReading {
          continuation.resume()
        } else {
          state.reader = continuation
        }
      }
    }
  }
}
