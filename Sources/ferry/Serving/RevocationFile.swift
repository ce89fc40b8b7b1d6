import Glibc
import Synchronization
import SystemPackage
import TLS

/// The file of lists of revoked certificates that the owner of a server names: read again when it has changed.
final class RevocationFile: Sendable {
  /// What another content of the file changes.
  private struct Stamp: Equatable {
    var device: dev_t
    var inode: ino_t
    var size: Int
    var modified: timespec
    var changed: timespec

    /// Nil where there is no such file.
    init?(_ path: FilePath) {
      var status = stat()
      guard stat(path.string, &status) == 0 else { return nil }
      (device, inode, size) = (status.st_dev, status.st_ino, Int(status.st_size))
      (modified, changed) = (status.st_mtim, status.st_ctim)
    }

    static func == (left: Stamp, right: Stamp) -> Bool {
      left.device == right.device && left.inode == right.inode && left.size == right.size
        && left.modified.tv_sec == right.modified.tv_sec && left.modified.tv_nsec == right.modified.tv_nsec
        && left.changed.tv_sec == right.changed.tv_sec && left.changed.tv_nsec == right.changed.tv_nsec
    }
  }

  private let path: FilePath
  private let kept: Mutex<(stamp: Stamp?, lists: RevocationLists)>
  /// The state of the file about which somebody was told that it cannot be read; of none, `.some(nil)`.
  private let toldOf = Mutex<Stamp??>(nil)
  /// The lists that somebody was told are not valid.
  private let outdated = Mutex<Set<OutdatedRevocationList>>([])

  /// - Throws: ``UsageProblem`` where it cannot be read, or holds no lists.
  init(_ path: FilePath) throws {
    self.path = path
    kept = Mutex((Stamp(path), try Self.read(path)))
  }

  /// What it held when it was last read.
  var lists: RevocationLists { kept.withLock { $0.lists } }

  /// Reads it where it has changed. Waits for the disk.
  ///
  /// - Returns: whether there are other lists now.
  /// - Throws: ``UsageProblem`` where it cannot be read, once for each change: then what was read before holds.
  func readAgain() throws -> Bool {
    let stamp = Stamp(path)
    guard kept.withLock({ $0.stamp }) != stamp else { return false }
    let lists: RevocationLists
    do { lists = try Self.read(path) } catch {
      // Tried again the next time: it may not be the file's fault.
      let isNews = toldOf.withLock { told in
        defer { told = .some(stamp) }
        return told != .some(stamp)
      }
      if isNews { throw error }
      return false
    }
    toldOf.withLock { $0 = nil }
    kept.withLock { $0 = (stamp, lists) }
    return true
  }

  /// Its lists that are not valid at a time, in seconds since 1970, each once for as long as it is so.
  func newlyOutdated(at now: Int64) -> [OutdatedRevocationList] {
    let found = lists.outdated(at: now)
    return outdated.withLock { told in
      defer { told = Set(found) }
      return found.filter { !told.contains($0) }
    }
  }

  private static func read(_ path: FilePath) throws -> RevocationLists {
    try ConnectionOptions.read(
      path, for: "--crl-file", of: "lists of revoked certificates", limit: RevocationLists.sizeLimit
    ) { try RevocationLists(reading: $0) }
  }
}
