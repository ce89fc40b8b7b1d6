import DequeModule
package import FTP
import FTPSClient
package import NIOCore
import Synchronization

/// The hidden file that a download goes to, beside its target, until it is proved complete.
///
/// Disk and network overlap: a write returns at once while less than a limit of bytes is under way. The writes of one
/// file follow one another, so that after a kill everything before the file's length is what the server sent.
package final class PartFile: ByteSink {
  /// What the last step needs to know.
  package struct Completion: Sendable {
    /// The name that the file gets.
    package var target: FileName
    /// The length that was told, where one was.
    package var expectedLength: Int64?
    /// When the source was last changed, to be kept.
    package var modified: Timestamp?
    /// Whether a file of that name may be replaced.
    package var isReplacing: Bool
    /// The permission bits that it gets; nil for those of what it replaces, else those of any new file.
    package var permissions: UInt16?

    package init(target: FileName, expectedLength: Int64?, modified: Timestamp?, isReplacing: Bool) {
      self.target = target
      self.expectedLength = expectedLength
      self.modified = modified
      self.isReplacing = isReplacing
    }
  }

  private struct State {
    var waiting: Deque<ByteBuffer> = []
    /// Bytes that were accepted and are not in the file yet.
    var underWay = 0
    var isWriting = false
    var end: Int64
    var failure: LocalFault?
    var writer: CheckedContinuation<Void, any Error>?
    var finisher: CheckedContinuation<Void, Never>?
  }

  /// Bytes under way at which a write waits.
  package static let defaultLimit = 4 << 20
  /// Bytes that are waited for before a thread is woken to write them.
  private static let writeStretch = 512 << 10
  /// The system begins to write to the disk after each such stretch, so that the flush at the end is short.
  private static let flushStretch: Int64 = 8 << 20

  package let name: FileName
  private let disk: LocalDisk
  private let folder: OpenFolder
  private let file: OpenFile
  private let limit: Int
  private let progress: ByteProgress?
  /// Of all that is in the file; complete after ``settled()``.
  package let digest: ContentDigest?
  private let state: Mutex<State>

  /// - Parameters:
  ///   - file: open for writing under `name` in `folder`, `offset` bytes long.
  ///   - limit: bytes that may be under way before a write waits.
  ///   - progress: told of every byte that came.
  ///   - digest: takes every byte that is written; it has those before `offset` already.
  package init(
    _ file: OpenFile, name: FileName, in folder: OpenFolder, from offset: Int64 = 0, disk: LocalDisk,
    limit: Int = PartFile.defaultLimit, progress: ByteProgress? = nil, digest: ContentDigest? = nil
  ) {
    self.file = file
    self.name = name
    self.folder = folder
    self.disk = disk
    self.limit = limit
    self.progress = progress
    self.digest = digest
    state = Mutex(State(end: offset))
  }

  /// Takes the next bytes.
  ///
  /// - Throws: ``LocalFault`` of an earlier write; then the file holds what came before it.
  package func write(_ bytes: ByteBuffer) async throws {
    progress?.add(bytes.readableBytes)
    let (starts, waits) = try state.withLock { state in
      if let failure = state.failure { throw failure }
      state.waiting.append(bytes)
      state.underWay += bytes.readableBytes
      let starts = !state.isWriting && state.underWay >= min(limit, Self.writeStretch)
      if starts { state.isWriting = true }
      return (starts, state.underWay >= limit)
    }
    if starts { startDraining() }
    if waits { try await room() }
  }

  /// Waits until everything that came is in the file, and tells how long that is.
  ///
  /// - Throws: ``LocalFault`` of an earlier write.
  package func settled() async throws -> Int64 {
    await idle()
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.end
    }
  }

  /// Checks, flushes and renames: afterwards the target holds all of the file and survives a power cut.
  ///
  /// - Throws: ``LocalFault``, ``TransferError/lengthDiffers(expected:found:)``. The part file stays then.
  package func finish(_ completion: Completion) async throws {
    _ = try await settled()
    try await disk.run { [self] files in
      let length = try files.status(of: file).size
      if let expected = completion.expectedLength, expected != length {
        throw TransferError.lengthDiffers(expected: expected, found: length)
      }
      let replaced = try files.status(of: completion.target, in: folder, following: false)
      switch replaced?.kind {
      case .folder: throw TransferError.targetIsFolder(completion.target)
      case .other: throw TransferError.notAFile(completion.target)
      case .file, .symbolicLink, nil: break
      }
      let permissions = completion.permissions ?? (replaced?.kind == .file ? replaced?.permissions : nil)
      try files.setPermissions((permissions ?? files.newFilePermissions) & 0o777, of: file)
      if let modified = completion.modified, modified.isUTC { try files.setModified(modified, of: file) }
      try files.flush(file)
      try files.rename(name, to: completion.target, in: folder, replacing: completion.isReplacing)
      try files.flush(folder)
    }
  }

  /// Ends the writing without a result. What came so far is on its way to the disk if it is kept.
  package func abandon(keeping: Bool) async {
    await idle()
    try? await disk.run { [self] files -> Void in
      if keeping { try files.flush(file) } else { try files.remove(name, in: folder) }
    }
  }

  /// The length that the file has, or had when writing failed.
  package var length: Int64 { state.withLock { $0.end } }

  // MARK: On the thread pool

  private func startDraining() { disk.submit { files in self.drain(files) } }

  private func drain(_ files: any LocalFiles) {
    while let (bytes, offset) = next() {
      do {
        try bytes.withUnsafeReadableBytes { bytes in
          try files.write(bytes, to: file, at: offset)
          digest?.update(bytes)
        }
        wrote(bytes.readableBytes, at: offset, files)
      } catch {
        failed(error as? LocalFault ?? LocalFault(.write, file.label, code: 0))
        return
      }
    }
  }

  private func next() -> (ByteBuffer, Int64)? {
    state.withLock { state in
      if let bytes = state.waiting.popFirst() { return (bytes, state.end) }
      state.isWriting = false
      state.finisher?.resume()
      state.finisher = nil
      return nil
    }
  }

  private func wrote(_ count: Int, at offset: Int64, _ files: any LocalFiles) {
    state.withLock { state in
      state.end += Int64(count)
      state.underWay -= count
      if state.underWay <= limit / 2 {
        state.writer?.resume()
        state.writer = nil
      }
    }
    let stretch = Self.flushStretch
    if (offset + Int64(count)) / stretch > offset / stretch {
      files.startFlushing(file, from: offset / stretch * stretch, count: stretch)
    }
  }

  private func failed(_ fault: LocalFault) {
    state.withLock { state in
      state.failure = fault
      state.waiting = []
      state.underWay = 0
      state.isWriting = false
      state.writer?.resume(throwing: fault)
      state.writer = nil
      state.finisher?.resume()
      state.finisher = nil
    }
  }

  // MARK: Waiting

  private func room() async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      state.withLock { state in
        if let failure = state.failure {
          continuation.resume(throwing: failure)
        } else if state.underWay < limit {
          continuation.resume()
        } else {
          state.writer = continuation
        }
      }
    }
  }

  /// Writes what is left and waits for the end of that.
  private func idle() async {
    let starts = state.withLock { state in
      let starts = !state.isWriting && !state.waiting.isEmpty && state.failure == nil
      if starts { state.isWriting = true }
      return starts
    }
    if starts { startDraining() }
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if state.isWriting { state.finisher = continuation } else { continuation.resume() }
      }
    }
  }
}
