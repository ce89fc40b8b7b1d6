import FTP
import Glibc
import SystemPackage

/// The folder that a server shares: every path of a client is resolved below it, and can never leave it.
///
/// Each component is opened relative to the one before and without following links (`openat`, `O_NOFOLLOW`), so that
/// no renaming in between leads out. Symbolic links are read and resolved here, and only within the folder.
/// All calls block; they belong on a thread pool.
struct SharedFolder: Sendable {
  private let root: OpenFile
  /// Whether everything that would change something is refused.
  let isReadOnly: Bool
  /// Permission bits that new files and folders do not get; nil leaves that to the process's umask.
  private let umask: mode_t?
  /// As many links as Linux itself follows in one path are more than any honest path has.
  private static let linkLimit = 16

  /// Opens the folder at `path`; from now on its name does not matter.
  init(_ path: FilePath, isReadOnly: Bool, umask: mode_t? = nil) throws(FileError) {
    root = try OpenFile.opening { path.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) } }
    self.isReadOnly = isReadOnly
    self.umask = umask
  }

  // MARK: Looking

  /// The status of what is at `path`: of a link itself, or of what it leads to.
  func status(of path: RemotePath, followingLink: Bool) throws(FileError) -> FileStatus {
    try withEntry(path, followingLink: followingLink) { folder, name throws(FileError) in
      guard let name else { return try folder.status() }
      return try folder.status(of: name)
    }
  }

  /// A folder opened for listing.
  func openFolder(_ path: RemotePath) throws(FileError) -> OpenFile {
    try withEntry(path, followingLink: true) { folder, name throws(FileError) in
      guard let name else { return try folder.opened(name: ".", O_RDONLY | O_DIRECTORY) }
      return try folder.opened(name, O_RDONLY | O_DIRECTORY)
    }
  }

  /// The target of the link at `path`, as the file system stores it.
  func linkTarget(_ path: RemotePath) throws(FileError) -> [UInt8] {
    try withEntry(path, followingLink: false) { folder, name throws(FileError) in
      guard let name else { throw .notAFile }
      return try folder.linkTarget(name)
    }
  }

  /// Bytes that may still be written in the folder at `path`.
  func room(in path: RemotePath) throws(FileError) -> Int64 {
    if isReadOnly { return 0 }
    return try openFolder(path).room()
  }

  // MARK: Files

  /// A regular file opened for reading.
  func openFile(_ path: RemotePath) throws(FileError) -> OpenFile {
    try withEntry(path, followingLink: true) { folder, name throws(FileError) in
      guard let name else { throw .notAFile }
      // Opening a named pipe must not wait for its writer.
      return try regular(try folder.opened(name, O_RDONLY | O_NONBLOCK))
    }
  }

  /// A regular file opened for writing, made if it is missing; its content stays.
  func openForWriting(_ path: RemotePath) throws(FileError) -> OpenFile {
    try change(path, followingLink: true) { folder, name throws(FileError) in
      if let existing = try folder.openedIfThere(name, O_WRONLY | O_NONBLOCK) { return try regular(existing) }
      let new = try folder.opened(name, O_WRONLY | O_CREAT | O_EXCL)
      if let umask { try FileError.check { fchmod(new.descriptor, 0o666 & ~umask) } }
      return new
    }
  }

  /// A regular file opened for writing; nil where there is none, and one can be made.
  func existingForWriting(_ path: RemotePath) throws(FileError) -> OpenFile? {
    try change(path, followingLink: true) { folder, name throws(FileError) in
      if let existing = try folder.openedIfThere(name, O_WRONLY | O_NONBLOCK) { return try regular(existing) }
      try FileError.check { faccessat(folder.descriptor, ".", W_OK, AT_EACCESS) }
      return nil
    }
  }

  func removeFile(_ path: RemotePath) throws(FileError) {
    try change(path) { folder, name throws(FileError) in try folder.unlink(name, 0) }
  }

  func setModified(_ path: RemotePath, to time: Timestamp) throws(FileError) {
    try change(path, followingLink: true) { folder, name throws(FileError) in
      try folder.setModified(name, to: time)
    }
  }

  // MARK: Folders

  func makeFolder(_ path: RemotePath) throws(FileError) {
    if path == .root { throw .system(.fileExists) }
    try change(path) { folder, name throws(FileError) in
      try folder.with(name) { mkdirat($0, $1, 0o777) }
      guard let umask else { return }
      let new = try folder.opened(name, O_RDONLY | O_DIRECTORY)
      try FileError.check { fchmod(new.descriptor, 0o777 & ~umask) }
    }
  }

  func removeFolder(_ path: RemotePath) throws(FileError) {
    try change(path) { folder, name throws(FileError) in try folder.unlink(name, AT_REMOVEDIR) }
  }

  /// Takes the place of a file that is at `target`, as POSIX does.
  func rename(_ path: RemotePath, to target: RemotePath) throws(FileError) {
    try change(path) { folder, name throws(FileError) in
      try change(target) { newFolder, newName throws(FileError) in
        try folder.with(name) { old, oldName in
          newName.withCString { renameat(old, oldName, newFolder.descriptor, $0) }
        }
      }
    }
  }

  // MARK: Resolution

  private func change<R>(
    _ path: RemotePath, followingLink: Bool = false, _ body: (OpenFile, FileName) throws(FileError) -> R
  ) throws(FileError) -> R {
    if isReadOnly { throw .readOnly }
    return try withEntry(path, followingLink: followingLink) { folder, name throws(FileError) in
      guard let name else { throw .isRoot }
      return try body(folder, name)
    }
  }

  /// Calls `body` with the folder in which `path` ends and the name there, which is no link if links are followed;
  /// nil stands for the folder itself, which is the root.
  private func withEntry<R>(
    _ path: RemotePath, followingLink: Bool, _ body: (OpenFile, FileName?) throws(FileError) -> R
  ) throws(FileError) -> R {
    var names = path.components
    for _ in 0...Self.linkLimit {
      switch try walk(names, followingLink: followingLink) {
      case .arrived(let folder, let name): return try body(folder, name)
      case .link(let index, let target):
        // What comes before a link are real folders, so that ".." in its target can be resolved by name.
        names = try Self.resolve(target, at: Array(names[..<index])) + names[(index + 1)...]
      }
    }
    throw .system(.tooManySymbolicLinkLevels)
  }

  private enum Step {
    case arrived(OpenFile, FileName?)
    case link(Int, target: [UInt8])
  }

  private func walk(_ names: [FileName], followingLink: Bool) throws(FileError) -> Step {
    var folder = root
    for (index, name) in names.enumerated() {
      let isLast = index == names.count - 1
      if isLast, !followingLink { return .arrived(folder, name) }
      if let target = try? folder.linkTarget(name) { return .link(index, target: target) }
      if isLast { return .arrived(folder, name) }
      folder = try folder.opened(name, OpenFile.pathOnly | O_DIRECTORY)
    }
    return .arrived(folder, nil)
  }

  private static func resolve(_ target: [UInt8], at folder: [FileName]) throws(FileError) -> [FileName] {
    if target.first == UInt8(ascii: "/") { throw .leavesRoot }
    var names = folder
    for part in target.split(separator: UInt8(ascii: "/")) {
      if part.elementsEqual(".".utf8) { continue }
      if part.elementsEqual("..".utf8) {
        if names.popLast() == nil { throw .leavesRoot }
      } else {
        guard let name = try? FileName(part) else { throw .leavesRoot }
        names.append(name)
      }
    }
    return names
  }

  private func regular(_ file: OpenFile) throws(FileError) -> OpenFile {
    guard try file.status().kind == .file else { throw .notAFile }
    return file
  }
}
