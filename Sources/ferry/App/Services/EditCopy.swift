import FTP
import Glibc
import SystemPackage

/// The private copy of a remote file that an editor works on.
enum EditCopy {
  /// Makes an empty file of mode 0600 in a new folder of mode 0700 below `base`, which lasts: what was edited is there
  /// also after a restart of the machine.
  static func make(for name: FileName, in base: FilePath) throws -> FilePath {
    removeEmptyFolders(in: base)
    var template = base.appending("XXXXXX").withPlatformString {
      Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
    }
    guard mkdtemp(&template) != nil else { throw LocalError.complaint("make a folder for the copy", base, errno) }
    let folder = FilePath(bytes: template.dropLast().map { UInt8(bitPattern: $0) })
    let path = folder.appending(safeName(name))
    let descriptor = path.withPlatformString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    guard descriptor >= 0 else { throw LocalError.complaint("make the copy", path, errno) }
    close(descriptor)
    return path
  }

  static func stamp(_ path: FilePath) -> FileStamp? {
    var facts = stat()
    guard path.withPlatformString({ stat($0, &facts) }) == 0 else { return nil }
    return FileStamp(
      modified: Timestamp(seconds: Int64(facts.st_mtim.tv_sec), nanoseconds: Int32(facts.st_mtim.tv_nsec)),
      size: Int64(facts.st_size))
  }

  /// Days after which nobody is expected to come back for a copy whose way back was given up.
  private static let keptDays: Int64 = 30

  /// Copies that have not been changed for a long time.
  static func forgotten(in base: FilePath) -> [FilePath] {
    let limit = Int64(time(nil)) - keptDays * 86_400
    return names(in: base).flatMap { folder in
      names(in: base.appending(folder)).map { base.appending(folder).appending($0) }
    }.filter { stamp($0)?.modified.map { $0.seconds < limit } ?? false }
  }

  /// Those of copies that the queue has sent back, and removed, when nobody was there to wait for it.
  private static func removeEmptyFolders(in base: FilePath) {
    for name in names(in: base) { _ = base.appending(name).withPlatformString { rmdir($0) } }
  }

  private static func names(in folder: FilePath) -> [FilePath.Component] {
    guard let stream = folder.withPlatformString({ opendir($0) }) else { return [] }
    defer { closedir(stream) }
    let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
    var names: [FilePath.Component] = []
    while let next = readdir(stream) {
      let name = (UnsafeRawPointer(next) + nameOffset).assumingMemoryBound(to: CChar.self)
      if let name = FilePath.Component(platformString: name), name.kind == .regular { names.append(name) }
    }
    return names
  }

  static func remove(_ path: FilePath) {
    _ = path.withPlatformString { unlink($0) }
    // Editors leave backups beside the file; then the folder stays.
    _ = path.removingLastComponent().withPlatformString { rmdir($0) }
  }

  /// A server's name may steer an editor or the terminal; the ending is kept for syntax colours.
  private static func safeName(_ name: FileName) -> String {
    let isSafe: (UInt8) -> Bool = { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
      default: false
      }
    }
    if name.bytes.allSatisfy(isSafe), name.bytes.count <= 100 { return name.text }
    guard let dot = name.bytes.lastIndex(of: 0x2e) else { return "file" }
    let ending = name.bytes[(dot + 1)...].prefix(12).filter(isSafe)
    return "file." + String(decoding: ending, as: UTF8.self)
  }
}
