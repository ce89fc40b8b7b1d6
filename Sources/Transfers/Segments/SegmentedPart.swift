import FTP
import Synchronization

/// A part file that several sessions write to, each its segments.
final class SegmentedPart: Sendable {
  private struct State {
    var plan: SegmentPlan
    /// What the source holds from an offset on, where another segment begins.
    var seams: [Int64: [UInt8]] = [:]
    var failure: (any Error)?
    /// Nothing is kept behind the file any more: it may have its own name already.
    var isWhole = false
    var lastRecord: ContinuousClock.Instant
  }

  /// The least time between two records of how far it has come: each waits for the disk.
  private static let recordInterval = Duration.seconds(3)

  let name: FileName
  let folder: OpenFolder
  /// Open for writing.
  let file: OpenFile
  private let readable: OpenFile
  let disk: LocalDisk
  let progress: ByteProgress
  private let state: Mutex<State>

  /// - Parameters:
  ///   - file: open for writing under `name` in `folder`.
  ///   - readable: the same file, open for reading.
  init(
    _ plan: SegmentPlan, _ file: OpenFile, readable: OpenFile, name: FileName, in folder: OpenFolder, disk: LocalDisk,
    progress: ByteProgress
  ) {
    self.name = name
    self.folder = folder
    self.file = file
    self.readable = readable
    self.disk = disk
    self.progress = progress
    state = Mutex(State(plan: plan, lastRecord: .now))
    progress.restart(at: plan.writtenBytes)
  }

  var plan: SegmentPlan { state.withLock { $0.plan } }
  /// Why the last session that gave up did so.
  var failure: (any Error)? { state.withLock { $0.failure } }

  // MARK: Sessions

  func take() -> Int? { state.withLock { $0.plan.take() } }
  func received(_ count: Int, for id: Int) -> Int { state.withLock { $0.plan.received(count, for: id) } }
  func wrote(_ id: Int, upTo offset: Int64) { state.withLock { $0.plan.wrote(id, upTo: offset) } }
  func released(_ id: Int) { state.withLock { $0.plan.released(id) } }
  func gaveUp(_ error: any Error) { state.withLock { $0.failure = error } }

  /// - Parameter following: what the source holds behind the segment.
  func fetched(_ id: Int, following: [UInt8]) {
    state.withLock { state in
      state.plan.fetched(id)
      if !following.isEmpty { state.seams[state.plan[id].end] = following }
    }
  }

  /// What the source holds at an offset, to be compared with what is in the file in the end.
  func add(seam bytes: [UInt8], at offset: Int64) { state.withLock { $0.seams[offset] = bytes } }

  /// The last bytes of a segment that are in the file, which the server is asked for once more.
  func overlap(before written: Int64, from start: Int64) async throws -> [UInt8] {
    let first = max(start, written - Resumption.overlap)
    return try await disk.run { [readable] files in
      try LocalStretch.read(readable, at: first, count: Int(written - first), files)
    }
  }

  // MARK: Keeping

  /// Keeps how far it has come, if that was not done just now.
  func recordSometimes() async throws {
    let isDue = state.withLock { state in
      let isDue = ContinuousClock.now - state.lastRecord >= Self.recordInterval
      if isDue { state.lastRecord = .now }
      return isDue
    }
    if isDue { try await record() }
  }

  /// Keeps how far it has come. What is said to be there is on the disk before it is said.
  func record() async throws {
    guard let plan = state.withLock({ $0.isWhole ? nil : $0.plan }) else { return }
    try await disk.run { [file] files in
      try files.flush(file)
      try SegmentRecord.bytes(plan).withUnsafeBytes { try files.write($0, to: file, at: plan.size) }
    }
  }

  func remove() async {
    try? await disk.run { [self] files -> Void in try files.remove(name, in: folder) }
  }

  // MARK: The end

  /// Whether what is in the file joins where segments meet, as the source does.
  func isSeamless() async throws -> Bool {
    let seams = state.withLock { $0.seams }
    return try await disk.run { [readable] files in
      for (offset, bytes) in seams {
        if try LocalStretch.read(readable, at: offset, count: bytes.count, files) != bytes { return false }
      }
      return true
    }
  }

  /// The whole file: what was kept behind it is cut off.
  ///
  /// - Parameter digest: takes all of the file.
  func whole(_ digest: ContentDigest?) async throws -> PartFile {
    let size = plan.size
    state.withLock { $0.isWhole = true }
    try await disk.run { [file, readable] files in
      if let digest { try LocalDigest.add(size, of: readable, to: digest, files) }
      try files.truncate(file, to: size)
    }
    return PartFile(file, name: name, in: folder, from: size, disk: disk, progress: progress, digest: digest)
  }
}
