import FTP
import Glibc
import SystemPackage

/// Reads a folder's entries in portions, so that a folder of any size needs little memory.
///
/// Used by one task at a time, on whichever thread of the pool; hence sendable.
final class FolderReader: @unchecked Sendable {
  struct Entry: Hashable, Sendable {
    var name: FileName
    var status: FileStatus
    /// Where a symbolic link leads, as it is stored.
    var target: [UInt8]?
  }

  let folder: OpenFile
  private let stream: OpaquePointer

  init(_ folder: OpenFile) throws(FileError) {
    // The stream owns a descriptor of its own.
    let copy = try FileError.check { fcntl(folder.descriptor, F_DUPFD_CLOEXEC, 0) }
    guard let stream = fdopendir(copy) else {
      let problem = errno
      close(copy)
      throw .system(Errno(rawValue: problem))
    }
    self.folder = folder
    self.stream = stream
  }

  deinit {
    closedir(stream)
  }

  /// The next entries, at most `limit` of them; none at the end. What vanishes meanwhile is left out.
  func next(_ limit: Int) throws(FileError) -> [Entry] {
    var entries: [Entry] = []
    while entries.count < limit {
      errno = 0
      guard let raw = readdir(stream) else {
        if errno != 0 { throw .system(Errno(rawValue: errno)) }
        break
      }
      guard let name = Self.name(raw), let status = try? folder.status(of: name) else { continue }
      let target = status.kind == .symbolicLink ? try? folder.linkTarget(name) : nil
      entries.append(Entry(name: name, status: status, target: target))
    }
    return entries
  }

  /// Nil for "." and "..".
  private static func name(_ entry: UnsafeMutablePointer<dirent>) -> FileName? {
    let start = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \.d_name)!
    let count = strlen(start.assumingMemoryBound(to: CChar.self))
    return try? FileName(UnsafeRawBufferPointer(start: start, count: count))
  }
}
