import Dispatch
import Glibc
import Synchronization
import SystemPackage

/// This machine's files. Work that may wait for a disk runs on threads of its own.
struct LocalPanes: PaneService {
  func list(_ folder: Place, onRows: @escaping @Sendable (RowUpdate) -> Void) async throws -> ListingFacts {
    let path = try Self.path(folder)
    return try await Self.blocking { isCancelled in
      try LocalFolder(path).list(isCancelled: isCancelled, onRows: onRows)
    }
  }

  func makeFolder(_ folder: Place) async throws {
    let path = try Self.path(folder)
    try await Self.blocking { _ in try LocalFiles.makeFolder(path) }
  }

  func rename(_ place: Place, to other: Place) async throws {
    let (old, new) = (try Self.path(place), try Self.path(other))
    try await Self.blocking { _ in try LocalFiles.rename(old, to: new) }
  }

  func count(_ folders: [Entry], in folder: Place) async throws -> TreeCount {
    let path = try Self.path(folder)
    return try await Self.blocking { isCancelled in
      var count = TreeCount()
      for entry in folders { try LocalTree.count(path.appending(entry.name), into: &count, isCancelled: isCancelled) }
      return count
    }
  }

  func delete(_ entries: [Entry], in folder: Place) async throws {
    let path = try Self.path(folder)
    try await Self.blocking { isCancelled in
      for entry in entries {
        if isCancelled() { throw CancellationError() }
        let file = path.appending(entry.name)
        guard file.withPlatformString({ unlink($0) }) == 0 else { throw LocalError.complaint("delete", file, errno) }
      }
    }
  }

  func read(_ file: Place, offset: Int64, count: Int) async throws -> FileChunk {
    let path = try Self.path(file)
    return try await Self.blocking { _ in try LocalFiles.read(path, offset: offset, count: count) }
  }

  func fetch(_ file: Place, into path: FilePath) async throws -> FileStamp? {
    preconditionFailure("a local file is edited where it is")
  }

  private static func path(_ place: Place) throws -> FilePath {
    guard case .local(let path) = place else { preconditionFailure("not a local place") }
    return path
  }

  /// Runs something that may block. `isCancelled` tells it when nobody wants the result any more.
  static func blocking<Result: Sendable>(
    _ body: @escaping @Sendable (_ isCancelled: () -> Bool) throws -> Result
  ) async throws -> Result {
    let cancelled = Flag()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
          continuation.resume(with: Swift.Result { try body { cancelled.isSet } })
        }
      }
    } onCancel: {
      cancelled.set()
    }
  }

  private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
  }
}
