import FTP
import Glibc
import SystemPackage

/// Reads a folder of this machine.
struct LocalFolder {
  let path: FilePath

  init(_ path: FilePath) { self.path = path }

  private struct Name {
    var name: FileName
    var kind: Entry.Kind
  }

  /// In folders with more rows than this, names are shown before sizes and times are known.
  private static let manyRows = 2000
  /// Rows whose sizes and times are handed over together.
  private static let chunk = 4096

  /// Hands over the rows; see `PaneService.list`.
  func list(isCancelled: () -> Bool, onRows: (RowUpdate) -> Void) throws -> ListingFacts {
    let descriptor = path.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw LocalError.complaint("open the folder", path, errno) }
    guard let stream = fdopendir(descriptor) else {
      let reason = errno
      close(descriptor)
      throw LocalError.complaint("read the folder", path, reason)
    }
    defer { closedir(stream) }
    let names = try names(stream, isCancelled: isCancelled)
    if names.count <= Self.manyRows {
      onRows(.rows(names.map { look(at: $0, in: descriptor) }))
      return ListingFacts(freeBytes: freeBytes())
    }
    // The rows are the pane's alone: it writes the facts into them, and a second owner would cost it a copy.
    onRows(.rows(names.map { Entry(name: $0.name, kind: $0.kind) }))
    for start in stride(from: 0, to: names.count, by: Self.chunk) {
      if isCancelled() { throw CancellationError() }
      let chunk = names[start..<min(start + Self.chunk, names.count)]
      onRows(.facts(from: start, chunk.map { look(at: $0, in: descriptor) }))
    }
    return ListingFacts(freeBytes: freeBytes())
  }

  private func names(_ stream: OpaquePointer, isCancelled: () -> Bool) throws -> [Name] {
    var names: [Name] = []
    let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
    errno = 0
    while let next = readdir(stream) {
      if names.count & 0xff == 0, isCancelled() { throw CancellationError() }
      let start = (UnsafeRawPointer(next) + nameOffset).assumingMemoryBound(to: CChar.self)
      let bytes = UnsafeRawBufferPointer(start: start, count: strlen(start))
      // "." and ".." are no file names, so they end here.
      if let name = try? FileName(bytes) { names.append(Name(name: name, kind: Self.kind(next.pointee.d_type))) }
      errno = 0
    }
    guard errno == 0 else { throw LocalError.complaint("read the folder", path, errno) }
    return names
  }

  private static func kind(_ type: UInt8) -> Entry.Kind {
    switch Int(type) {
    case DT_DIR: .folder
    case DT_LNK: .link
    case DT_REG, DT_UNKNOWN: .file
    default: .special
    }
  }

  /// Finds out what something is. Of what vanished meanwhile there is only the name.
  private func look(at name: Name, in descriptor: Int32) -> Entry {
    var row = Entry(name: name.name, kind: name.kind)
    guard var facts = facts(of: row.name, in: descriptor, flags: AT_SYMLINK_NOFOLLOW) else { return row }
    row.kind = LocalFiles.kind(facts.st_mode)
    if row.kind == .link {
      let target = self.facts(of: row.name, in: descriptor, flags: 0)
      row.kind = target.map { LocalFiles.kind($0.st_mode) == .folder ? .folderLink : .link } ?? .brokenLink
      if let target { facts.st_size = target.st_size }
    }
    row.size = row.kind == .folder || row.kind == .special ? nil : Int64(facts.st_size)
    row.modified = Timestamp(seconds: Int64(facts.st_mtim.tv_sec), nanoseconds: Int32(facts.st_mtim.tv_nsec))
    row.permissions = UInt16(facts.st_mode & 0o7777)
    return row
  }

  private func facts(of name: FileName, in descriptor: Int32, flags: Int32) -> stat? {
    var facts = stat()
    let name = name.bytes + [0]
    let status = name.withUnsafeBytes { bytes in
      fstatat(descriptor, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), &facts, flags)
    }
    return status == 0 ? facts : nil
  }

  private func freeBytes() -> Int64? { Self.freeBytes(path) }

  /// What an ordinary user may still write to the file system of a path.
  static func freeBytes(_ path: FilePath) -> Int64? {
    var facts = statvfs()
    guard path.withPlatformString({ statvfs($0, &facts) }) == 0 else { return nil }
    return Int64(clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue)
  }
}
