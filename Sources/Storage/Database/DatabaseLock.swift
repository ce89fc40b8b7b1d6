internal import Glibc
internal import SystemPackage

/// The file `ferry.db.lock`, on whose bytes the running copies lock what is theirs. The kernel takes the locks away when
/// a process ends in any way, which no note on disk could promise.
///
/// Locks belong to this value's descriptor and not to the process (OFD locks), so that another descriptor on the same
/// file, closed, does not release them, and two databases in one process exclude one another too.
final class DatabaseLock: Sendable {
  /// What a byte of the file stands for.
  private enum Byte {
    /// Held by one while it opens, makes or replaces the database.
    static let opening: Int = 0
    /// Shared by all that have the database open; held alone by who replaces it.
    static let use: Int = 1
    /// Held by a worker for its life, at this byte plus its number.
    static let firstWorker: Int = 1 << 20
  }

  private let path: FilePath
  private let descriptor: Int32

  init(_ path: FilePath) throws(StorageError) {
    self.path = path
    descriptor = open(path.string, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw .system(path, doing: "open", errno: errno) }
  }

  deinit { close(descriptor) }

  /// Waits until no other copy opens the database.
  ///
  /// - Throws: `StorageError.busy` after ten seconds, in which another one could have filled a whole database.
  func beginOpening() throws(StorageError) {
    var pause = 1_000_000
    var waited = 0
    while try !lock(Byte.opening, Self.exclusive) {
      if waited > 10_000_000_000 { throw .busy(path) }
      // There is no call that waits for such a lock with a time limit.
      var time = timespec(tv_sec: 0, tv_nsec: pause)
      nanosleep(&time, nil)
      waited += pause
      pause = min(pause * 2, 20_000_000)
    }
  }

  func endOpening() { unlock(Byte.opening) }

  /// Whether nobody else has the database open; nobody can open it then, until `shareUse`, or until this value goes.
  func useAlone() throws(StorageError) -> Bool { try lock(Byte.use, Self.exclusive) }

  /// Takes part in the use. Only to be called while opening, when nobody else can be alone.
  func shareUse() throws(StorageError) {
    guard try lock(Byte.use, Self.shared) else { throw .busy(path) }
  }

  /// Holds the byte of a worker of this process.
  func hold(worker: Int64) throws(StorageError) {
    guard try lock(Byte.firstWorker + Int(worker), Self.exclusive) else { throw .busy(path) }
  }

  func release(worker: Int64) { unlock(Byte.firstWorker + Int(worker)) }

  /// Whether another descriptor holds the byte of a worker.
  func isHeld(worker: Int64) -> Bool {
    var range = Self.range(Byte.firstWorker + Int(worker), Self.exclusive)
    return fcntl(descriptor, Self.getLock, &range) == 0 && range.l_type != Self.none
  }

  /// Whether somebody met damage in the database, so that the next one to open it looks at all of it. It is kept in the
  /// file's content, as it outlives the process.
  var isSuspect: Bool {
    get {
      var status = stat()
      return fstat(descriptor, &status) == 0 && status.st_size > 0
    }
    set {
      ftruncate(descriptor, newValue ? 1 : 0)
    }
  }

  private func lock(_ byte: Int, _ kind: Int16) throws(StorageError) -> Bool {
    var range = Self.range(byte, kind)
    while fcntl(descriptor, Self.setLock, &range) != 0 {
      switch errno {
      case EINTR: continue
      case EAGAIN, EACCES: return false
      default: throw .system(path, doing: "lock", errno: errno)
      }
    }
    return true
  }

  private func unlock(_ byte: Int) {
    var range = Self.range(byte, Self.none)
    _ = fcntl(descriptor, Self.setLock, &range)
  }

  private static func range(_ byte: Int, _ kind: Int16) -> flock {
    flock(l_type: kind, l_whence: Int16(SEEK_SET), l_start: byte, l_len: 1, l_pid: 0)
  }

  // Linux's fcntl numbers, which Glibc's module leaves out: F_OFD_GETLK and F_OFD_SETLK.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37
  private static let exclusive = Int16(F_WRLCK)
  private static let shared = Int16(F_RDLCK)
  private static let none = Int16(F_UNLCK)
}
