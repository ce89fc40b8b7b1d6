import FTP
import Glibc
import SystemPackage

/// Reads a folder of this machine.
struct LocalFolder {
  let path: FilePath

  init(_ path: FilePath) { self.path = path }

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
    var rows = try names(stream, isCancelled: isCancelled)
    if rows.count <= Self.manyRows {
      for index in rows.indices { look(at: &rows[index], in: descriptor) }
      onRows(.rows(rows))
      return ListingFacts(freeBytes: freeBytes())
    }
    onRows(.rows(rows))
    for start in stride(from: 0, to: rows.count, by: Self.chunk) {
      if isCancelled() { throw CancellationError() }
      var known = Array(rows[start..<min(start + Self.chunk, rows.count)])
      for index in known.indices { look(at: &known[index], in: descriptor) }
      onRows(.facts(from: start, known))
    }
    return ListingFacts(freeBytes: freeBytes())
  }

  private func names(_ stream: OpaquePointer, isCancelled: () -> Bool) throws -> [Entry] {
    var rows: [Entry] = []
    let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
    errno = 0
    while let next = readdir(stream) {
      if rows.count & 0xff == 0, isCancelled() { throw CancellationError() }
      let start = (UnsafeRawPointer(next) + nameOffset).assumingMemoryBound(to: CChar.self)
      let bytes = UnsafeRawBufferPointer(start: start, count: strlen(start))
      // "." and ".." are no file names, so they end here.
      guard let name = try? FileName(bytes) else { continue }
      rows.append(Entry(name: name, kind: Self.kind(next.pointee.d_type)))
      errno = 0
    }
    guard errno == 0 else { throw LocalError.complaint("read the folder", path, errno) }
    return rows
  }

  private static func kind(_ type: UInt8) -> Entry.Kind {
    switch Int(type) {
    case DT_DIR: .folder
    case DT_LNK: .link
    case DT_REG, DT_UNKNOWN: .file
    default: .special
    }
  }

  /// Finds out what a row is. What vanished meanwhile stays as it was.
  private func look(at row: inout Entry, in descriptor: Int32) {
    var facts = stat()
    let name = row.name.bytes + [0]
    let status = name.withUnsafeBytes { bytes in
      fstatat(descriptor, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), &facts, AT_SYMLINK_NOFOLLOW)
    }
    guard status == 0 else { return }
    row.kind = LocalFiles.kind(facts.st_mode)
    if row.kind == .link {
      var target = stat()
      let status = name.withUnsafeBytes { bytes in
        fstatat(descriptor, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), &target, 0)
      }
      row.kind = status != 0 ? .brokenLink : LocalFiles.kind(target.st_mode) == .folder ? .folderLink : .link
      if status == 0 { facts.st_size = target.st_size }
    }
    row.size = row.kind == .folder || row.kind == .special ? nil : Int64(facts.st_size)
    row.modified = Timestamp(seconds: Int64(facts.st_mtim.tv_sec), nanoseconds: Int32(facts.st_mtim.tv_nsec))
    row.permissions = UInt16(facts.st_mode & 0o7777)
  }

  /// What an ordinary user may still write to this file system.
  private func freeBytes() -> Int64? {
    var facts = statvfs()
    guard path.withPlatformString({ statvfs($0, &facts) }) == 0 else { return nil }
    return Int64(clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue)
  }
}
