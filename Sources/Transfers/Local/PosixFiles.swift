package import FTP
import Glibc
package import SystemPackage

/// The real file system.
package struct PosixFiles: LocalFiles {
  package let newFilePermissions: UInt16
  package let newFolderPermissions: UInt16
  private let adjustsFolders: Bool

  /// - Parameter umask: permission bits that new files and folders do not get, where they are others than the process's:
  ///   a program that keeps its own files private still leaves a person's files as that person wants them.
  package init(umask: UInt16? = nil) {
    newFilePermissions = 0o666 & ~(umask ?? Self.processUmask)
    newFolderPermissions = 0o777 & ~(umask ?? Self.processUmask)
    adjustsFolders = umask != nil
  }

  /// The process's umask, as it is when this is first asked for: `umask(2)` cannot ask without changing, which other
  /// threads would see.
  package static let processUmask: UInt16 = {
    guard let file = fopen("/proc/self/status", "re") else { return 0o022 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      guard strncmp(line, "Umask:", 6) == 0 else { continue }
      return UInt16(truncatingIfNeeded: strtoul(Array(line[6...]), nil, 8))
    }
    return 0o022
  }()

  // MARK: Folders

  package func openFolder(_ path: FilePath) throws(LocalFault) -> OpenFolder {
    let label = SafeText.escape(path.bytes)
    let descriptor = path.withPlatformString { path in
      retrying { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }
    guard descriptor >= 0 else { throw LocalFault(.open, label, code: errno) }
    return OpenFolder(FileDescriptor(rawValue: descriptor), label: label)
  }

  package func openFolder(
    _ name: FileName, in folder: OpenFolder, following: Bool
  ) throws(LocalFault) -> OpenFolder {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (following ? 0 : O_NOFOLLOW)
    let descriptor = open(name, in: folder, flags, 0)
    guard descriptor >= 0 else { throw linkFault(.open, name, in: folder) }
    return OpenFolder(FileDescriptor(rawValue: descriptor), label: label(name, in: folder))
  }

  package func makeFolder(_ name: FileName, in folder: OpenFolder) throws(LocalFault) -> Bool {
    if name.withCString({ mkdirat(folder.descriptor.rawValue, $0, 0o777) }) == 0 {
      try adjustPermissions(ofNew: name, in: folder)
      return true
    }
    let code = errno
    guard code == EEXIST else { throw LocalFault(.makeFolder, label(name, in: folder), code: code) }
    switch try status(of: name, in: folder, following: false)?.kind {
    case .folder: return false
    case .symbolicLink: throw LocalFault(.makeFolder, label(name, in: folder), code: ELOOP)
    case .file, .other, nil: throw LocalFault(.makeFolder, label(name, in: folder), code: ENOTDIR)
    }
  }

  package func status(
    of name: FileName, in folder: OpenFolder, following: Bool
  ) throws(LocalFault) -> LocalStatus? {
    var facts = stat()
    let flags = following ? 0 : AT_SYMLINK_NOFOLLOW
    if name.withCString({ fstatat(folder.descriptor.rawValue, $0, &facts, flags) }) == 0 { return LocalStatus(facts) }
    if errno == ENOENT { return nil }
    throw fault(.status, name, in: folder)
  }

  package func status(of folder: OpenFolder) throws(LocalFault) -> LocalStatus {
    var facts = stat()
    guard fstat(folder.descriptor.rawValue, &facts) == 0 else { throw LocalFault(.status, folder.label, code: errno) }
    return LocalStatus(facts)
  }

  package func names(in folder: OpenFolder) throws(LocalFault) -> [LocalName] {
    var names: [LocalName] = []
    try DirectoryReader.read(folder) { names.append($0) }
    return names
  }

  // MARK: Files

  package func create(
    _ name: FileName, in folder: OpenFolder, permissions: UInt16
  ) throws(LocalFault) -> OpenFile {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = open(name, in: folder, flags, mode_t(permissions))
    guard descriptor >= 0 else { throw fault(.create, name, in: folder) }
    return OpenFile(FileDescriptor(rawValue: descriptor), label: label(name, in: folder))
  }

  package func openForWriting(_ name: FileName, in folder: OpenFolder) throws(LocalFault) -> OpenFile {
    try openRegular(name, in: folder, O_WRONLY | O_NOFOLLOW)
  }

  package func openForReading(
    _ name: FileName, in folder: OpenFolder, following: Bool
  ) throws(LocalFault) -> OpenFile {
    try openRegular(name, in: folder, O_RDONLY | (following ? 0 : O_NOFOLLOW))
  }

  package func status(of file: OpenFile) throws(LocalFault) -> LocalStatus {
    var facts = stat()
    guard fstat(file.descriptor.rawValue, &facts) == 0 else { throw LocalFault(.status, file.label, code: errno) }
    return LocalStatus(facts)
  }

  package func write(
    _ bytes: UnsafeRawBufferPointer, to file: OpenFile, at offset: Int64
  ) throws(LocalFault) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = retrying { pwrite(file.descriptor.rawValue, rest.baseAddress, rest.count, off_t(offset) + done) }
      guard count >= 0 else { throw LocalFault(.write, file.label, code: errno) }
      // A device that takes nothing and reports nothing would keep us here for ever.
      guard count > 0 else { throw LocalFault(.write, file.label, code: ENOSPC) }
      done += count
    }
  }

  package func read(
    into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int64
  ) throws(LocalFault) -> Int {
    let count = retrying { pread(file.descriptor.rawValue, buffer.baseAddress, buffer.count, off_t(offset)) }
    guard count >= 0 else { throw LocalFault(.read, file.label, code: errno) }
    return count
  }

  package func startFlushing(_ file: OpenFile, from offset: Int64, count: Int64) {
    LinuxCalls.startWriting(file.descriptor.rawValue, from: offset, count: count)
  }

  package func flush(_ file: OpenFile) throws(LocalFault) {
    guard fsync(file.descriptor.rawValue) == 0 else { throw LocalFault(.flush, file.label, code: errno) }
  }

  package func flush(_ folder: OpenFolder) throws(LocalFault) {
    // EINVAL: a file system that has nothing to flush for a folder.
    guard fsync(folder.descriptor.rawValue) == 0 || errno == EINVAL else {
      throw LocalFault(.flush, folder.label, code: errno)
    }
  }

  package func truncate(_ file: OpenFile, to length: Int64) throws(LocalFault) {
    guard retrying({ ftruncate(file.descriptor.rawValue, off_t(length)) }) == 0 else {
      throw LocalFault(.truncate, file.label, code: errno)
    }
  }

  package func setModified(_ time: Timestamp, of file: OpenFile) throws(LocalFault) {
    let times = [
      timespec(tv_sec: 0, tv_nsec: LinuxCalls.omittedTime),
      timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds)),
    ]
    guard futimens(file.descriptor.rawValue, times) == 0 else {
      throw LocalFault(.setTimes, file.label, code: errno)
    }
  }

  package func setPermissions(_ bits: UInt16, of file: OpenFile) throws(LocalFault) {
    guard fchmod(file.descriptor.rawValue, mode_t(bits)) == 0 else {
      throw LocalFault(.setPermissions, file.label, code: errno)
    }
  }

  package func setPermissions(
    _ bits: UInt16, of name: FileName, in folder: OpenFolder
  ) throws(LocalFault) {
    let descriptor = folder.descriptor.rawValue
    guard name.withCString({ fchmodat(descriptor, $0, mode_t(bits), AT_SYMLINK_NOFOLLOW) }) == 0 else {
      throw fault(.setPermissions, name, in: folder)
    }
  }

  // MARK: Names

  package func rename(
    _ name: FileName, to newName: FileName, in folder: OpenFolder, replacing: Bool
  ) throws(LocalFault) {
    try move(name, from: folder, to: newName, in: folder, replacing: replacing)
  }

  package func move(
    _ name: FileName, from folder: OpenFolder, to newName: FileName, in newFolder: OpenFolder, replacing: Bool
  ) throws(LocalFault) {
    let (from, to) = (folder.descriptor.rawValue, newFolder.descriptor.rawValue)
    let result = name.withCString { old in
      newName.withCString { new in
        replacing ? renameat(from, old, to, new) : LinuxCalls.renameWithoutReplacing(from, old, to, new)
      }
    }
    if result == 0 { return }
    // Some network and FUSE file systems know no RENAME_NOREPLACE. A hard link never replaces either.
    if errno == EINVAL, !replacing { return try link(name, from: folder, as: newName, in: newFolder) }
    throw fault(.rename, newName, in: newFolder)
  }

  private func link(
    _ name: FileName, from folder: OpenFolder, as newName: FileName, in newFolder: OpenFolder
  ) throws(LocalFault) {
    let (from, to) = (folder.descriptor.rawValue, newFolder.descriptor.rawValue)
    if name.withCString({ old in newName.withCString { linkat(from, old, to, $0, 0) } }) == 0 {
      return try remove(name, in: folder)
    }
    let fault = fault(.rename, newName, in: newFolder)
    // A folder has no hard links. It takes the place of an empty folder at most.
    guard fault.code == EPERM, try status(of: name, in: folder, following: false)?.kind == .folder,
      try status(of: newName, in: newFolder, following: false) == nil
    else { throw fault }
    let result = name.withCString { old in newName.withCString { renameat(from, old, to, $0) } }
    if result != 0 { throw self.fault(.rename, newName, in: newFolder) }
  }

  package func remove(_ name: FileName, in folder: OpenFolder) throws(LocalFault) {
    guard name.withCString({ unlinkat(folder.descriptor.rawValue, $0, 0) }) == 0 || errno == ENOENT else {
      throw fault(.remove, name, in: folder)
    }
  }

  package func removeFolder(_ name: FileName, in folder: OpenFolder) throws(LocalFault) {
    guard name.withCString({ unlinkat(folder.descriptor.rawValue, $0, AT_REMOVEDIR) }) == 0 || errno == ENOENT else {
      throw fault(.remove, name, in: folder)
    }
  }

  // MARK: Private

  private func adjustPermissions(ofNew name: FileName, in folder: OpenFolder) throws(LocalFault) {
    guard adjustsFolders else { return }
    // Opened, so that a link put in its place meanwhile is not changed instead.
    let made = try openFolder(name, in: folder, following: false)
    guard fchmod(made.descriptor.rawValue, mode_t(newFolderPermissions)) == 0 else {
      throw LocalFault(.setPermissions, made.label, code: errno)
    }
  }

  private func open(_ name: FileName, in folder: OpenFolder, _ flags: Int32, _ mode: mode_t) -> Int32 {
    name.withCString { name in retrying { openat(folder.descriptor.rawValue, name, flags, mode) } }
  }

  /// A FIFO without a partner would block and a device would do worse, so both are refused once their kind is known.
  private func openRegular(
    _ name: FileName, in folder: OpenFolder, _ flags: Int32
  ) throws(LocalFault) -> OpenFile {
    let descriptor = open(name, in: folder, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0)
    guard descriptor >= 0 else { throw fault(.open, name, in: folder) }
    let file = OpenFile(FileDescriptor(rawValue: descriptor), label: label(name, in: folder))
    switch try status(of: file).kind {
    case .file: return file
    case .folder: throw LocalFault(.open, file.label, code: EISDIR)
    case .symbolicLink, .other: throw LocalFault(.open, file.label, code: ENXIO)
    }
  }

  private func label(_ name: FileName, in folder: OpenFolder) -> String {
    let name = SafeText.escape(name.bytes)
    return folder.label.hasSuffix("/") ? folder.label + name : folder.label + "/" + name
  }

  private func fault(_ call: LocalFault.Call, _ name: FileName, in folder: OpenFolder) -> LocalFault {
    let code = errno
    return LocalFault(call, label(name, in: folder), code: code)
  }

  /// `O_DIRECTORY` with `O_NOFOLLOW` on a link says "not a directory"; a person is told that it is a link.
  private func linkFault(_ call: LocalFault.Call, _ name: FileName, in folder: OpenFolder) -> LocalFault {
    var fault = fault(call, name, in: folder)
    if fault.code == ENOTDIR, let there = try? status(of: name, in: folder, following: false),
      there.kind == .symbolicLink
    {
      fault.code = ELOOP
    }
    return fault
  }
}

/// Calls again while a signal interrupts.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

extension FileName {
  /// Lends the name to a system call.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { memory in
      for (index, byte) in bytes.enumerated() { memory[index] = CChar(bitPattern: byte) }
      memory[bytes.count] = 0
      return body(UnsafePointer(memory.baseAddress!))
    }
  }
}

extension FilePath {
  /// The path's bytes, as the system has them.
  package var bytes: [UInt8] {
    withPlatformString { path in UnsafeBufferPointer(start: path, count: strlen(path)).map(UInt8.init(bitPattern:)) }
  }

  /// The path of something in this folder.
  package func appending(_ name: FileName) -> FilePath {
    name.withCString { name in
      FilePath.Component(platformString: name).map { appending($0) } ?? self
    }
  }
}
