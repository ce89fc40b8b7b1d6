import FTP
import Synchronization

/// What the list of a folder tells of permissions, for all files that a batch brings from there: each of a thousand marked
/// rows would ask for that list again. Forgotten with its batch.
final class ListedPermissions: Sendable {
  private struct Folder: Hashable {
    let batch: TransferBatch.ID
    let server: ServerAddress
    let path: RemotePath
  }

  private struct Known {
    let since: ContinuousClock.Instant
    let bits: [FileName: UInt16]
  }

  /// Older lists are asked for again.
  private static let validity = Duration.seconds(30)
  /// Folders that are remembered.
  private static let limit = 16

  private let folders = Mutex<[Folder: Known]>([:])

  /// - Parameter list: asks for what is in the folder.
  func bits(
    of name: FileName, in folder: RemotePath, on server: ServerAddress, for batch: TransferBatch.ID,
    _ list: () async throws -> [ListingEntry]
  ) async throws -> UInt16? {
    let folder = Folder(batch: batch, server: server, path: folder)
    if let known = folders.withLock({ $0[folder] }), .now - known.since <= Self.validity { return known.bits[name] }
    let since = ContinuousClock.now
    let told = try await list().compactMap { entry in entry.permissions.map { (entry.name, $0) } }
    let bits = Dictionary(told) { first, _ in first }
    folders.withLock { folders in
      if folders.count >= Self.limit { folders = [:] }
      folders[folder] = Known(since: since, bits: bits)
    }
    return bits[name]
  }

  func forget(_ batch: TransferBatch.ID) {
    folders.withLock { folders in
      for folder in folders.keys.filter({ $0.batch == batch }) { folders[folder] = nil }
    }
  }
}
