import FTP
import Synchronization

/// What lists have told of the files and folders beside one that was looked at, for the items that come next: without
/// it each of a thousand marked rows would list their folder again. Forgotten with their batch: until the next order
/// comes, others may put a link in the place of a folder.
final class KnownKinds: Sendable {
  private struct Place: Hashable {
    let batch: TransferBatch.ID
    let server: ServerAddress
    let folder: ItemPath
  }

  private struct Known {
    let since: ContinuousClock.Instant
    var kinds: [FileName: TreeEntry.Kind]
  }

  /// Older lists are not believed: somebody else may put a link in the place of a folder.
  private static let validity = Duration.seconds(30)
  /// Folders that are remembered.
  private static let limit = 16

  private let places = Mutex<[Place: Known]>([:])

  func learn(
    _ entries: [TreeEntry], in folder: ItemPath, on server: ServerAddress, for batch: TransferBatch.ID
  ) {
    let kinds = Dictionary(entries.map { ($0.name, $0.kind) }, uniquingKeysWith: { $0 == $1 ? $0 : .perhapsFolder })
    places.withLock { places in
      if places.count >= Self.limit { places = [:] }
      places[Place(batch: batch, server: server, folder: folder)] = Known(since: .now, kinds: kinds)
    }
  }

  /// Each name is told once, as whoever asks is about to change it.
  func take(_ path: ItemPath, on server: ServerAddress, for batch: TransferBatch.ID) -> TreeEntry.Kind? {
    let place = Place(batch: batch, server: server, folder: path.removingLast(1))
    return places.withLock { places in
      guard let known = places[place] else { return nil }
      if .now - known.since > Self.validity {
        places[place] = nil
        return nil
      }
      return places[place]?.kinds.removeValue(forKey: path.name)
    }
  }

  func forget(_ batch: TransferBatch.ID) {
    places.withLock { places in
      for place in places.keys.filter({ $0.batch == batch }) { places[place] = nil }
    }
  }
}
