import FTP
import Glibc
import SystemPackage

/// What can be done with single files of this machine.
enum LocalFiles {
  static func kind(_ mode: mode_t) -> Entry.Kind {
    switch mode & S_IFMT {
    case S_IFDIR: .folder
    case S_IFLNK: .link
    case S_IFREG: .file
    default: .special
    }
  }

  /// Makes a folder with the permissions that the person's own umask leaves.
  static func makeFolder(_ path: FilePath) throws {
    guard path.withPlatformString({ makeFolder($0) }) == 0 else {
      throw LocalError.complaint("make the folder", path, errno)
    }
  }

  /// The same; -1 and `errno` where it fails, as `mkdir(2)` does.
  static func makeFolder(_ path: UnsafePointer<CChar>) -> Int32 {
    guard mkdir(path, 0o777) == 0 else { return -1 }
    // The process's own umask is for what Ferry keeps. Where a file system has no permissions, the folder is there still.
    _ = chmod(path, 0o777 & ~mode_t(ProcessHygiene.personsUmask))
    return 0
  }

  /// Never replaces what is there: a file gets its second name before it loses the first. Folders, and file systems
  /// without hard links, are looked at first.
  static func rename(_ old: FilePath, to new: FilePath) throws {
    let status = old.withPlatformString { old in
      new.withPlatformString { new in
        if link(old, new) == 0 { return unlink(old) }
        guard errno == EPERM || errno == EOPNOTSUPP || errno == EMLINK else { return -1 }
        var facts = stat()
        guard lstat(new, &facts) != 0 else {
          errno = EEXIST
          return -1
        }
        return Glibc.rename(old, new)
      }
    }
    guard status == 0 else { throw LocalError.complaint("rename", old, errno) }
  }

  static func read(_ path: FilePath, offset: Int64, count: Int) throws -> FileChunk {
    // Not waiting for a writer: somebody may have put a pipe in the file's place.
    let descriptor = path.withPlatformString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw LocalError.complaint("open", path, errno) }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, kind(facts.st_mode) == .file else {
      throw Complaint("“\(SafeText.escape(path.bytes))” is not a file that can be read.")
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset) + off_t(filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        filled += got
      }
    }
    if failure != 0 { throw LocalError.complaint("read", path, failure) }
    return FileChunk(offset: offset, bytes: bytes, isLast: bytes.count < count)
  }

  /// Writes a file that is not there yet.
  static func write(_ bytes: [UInt8], toNew path: FilePath) throws {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    let descriptor = path.withPlatformString { open($0, flags, 0o666) }
    guard descriptor >= 0 else { throw LocalError.complaint("make the file", path, errno) }
    do {
      try FileDescriptor(rawValue: descriptor).closeAfter {
        _ = try FileDescriptor(rawValue: descriptor).writeAll(bytes)
      }
    } catch let error as Errno {
      throw LocalError.complaint("write", path, error.rawValue)
    }
  }
}
