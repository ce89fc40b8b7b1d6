import NIOPosix
import Synchronization
import SystemPackage

/// How much room there is where a local path leads to. Nobody waits long for that: a network's disk that is away can keep
/// who asks it for hours.
final class FreeSpace: Sendable {
  private let read: @Sendable (FilePath) -> Int64?
  private let patience: Duration
  /// Whether a disk is being asked. One at a time, so that a disk that is away keeps one thread, not all of them.
  private let isAsking = Mutex(false)

  /// - Parameter read: waits for the disk.
  init(
    patience: Duration = .seconds(1), read: @escaping @Sendable (FilePath) -> Int64? = { LocalFolder.freeBytes($0) }
  ) {
    self.patience = patience
    self.read = read
  }

  /// What an ordinary user may still write there, in bytes; nil where that is not told in time.
  func bytes(at path: FilePath) async -> Int64? {
    let isBusy = isAsking.withLock { isAsking in
      defer { isAsking = true }
      return isAsking
    }
    if isBusy { return nil }
    let (answers, answer) = AsyncStream.makeStream(of: Int64?.self, bufferingPolicy: .bufferingOldest(1))
    NIOThreadPool.singleton.submit { _ in
      answer.yield(self.read(path))
      self.isAsking.withLock { $0 = false }
    }
    let limit = Task { [patience] in
      try await Task.sleep(for: patience)
      answer.yield(nil)
    }
    defer { limit.cancel() }
    for await bytes in answers { return bytes }
    return nil
  }
}
