internal import Glibc
internal import SystemPackage

/// Folders that only their owner looks into.
enum PrivateFolder {
  /// Makes the folders above `path`, mode 0700 as the XDG specification says; those that exist are left as they are.
  static func makeParents(of path: FilePath) throws(StorageError) {
    let parent = path.removingLastComponent()
    if parent.isEmpty || parent == path || mkdir(parent.string, 0o700) == 0 { return }
    switch errno {
    case EEXIST: return
    case ENOENT:
      try makeParents(of: parent)
      if mkdir(parent.string, 0o700) != 0, errno != EEXIST {
        throw .system(parent, doing: "make the folder", errno: errno)
      }
    case let reason:
      // A read-only file system says so before it says that the folder exists.
      if access(parent.string, F_OK) == 0 { return }
      throw .system(parent, doing: "make the folder", errno: reason)
    }
  }

  /// Makes the folder, or checks the one that is there.
  static func prepare(_ path: FilePath, tightening: Bool) throws(StorageError) {
    if mkdir(path.string, 0o700) == 0 { return }
    let reason = errno
    if reason != EEXIST, access(path.string, F_OK) != 0 {
      throw .system(path, doing: "make the folder", errno: reason)
    }
    try checkLink(path)
    let descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0, errno == ENOTDIR { throw .wrongKind(path, isFolder: true) }
    if descriptor < 0 { throw .system(path, doing: "open", errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system(path, doing: "look at", errno: errno) }
    if status.st_uid != geteuid() { throw .foreignOwner(path, user: status.st_uid) }
    if status.st_mode & 0o077 == 0 { return }
    if tightening, fchmod(descriptor, 0o700) == 0 { return }
    if status.st_mode & 0o022 != 0 { throw .openToOthers(path, isFolder: true) }
  }

  /// A link that leads here is followed only where its maker is its user, or root, who may do anything.
  private static func checkLink(_ path: FilePath) throws(StorageError) {
    var status = stat()
    if lstat(path.string, &status) != 0 { throw .system(path, doing: "look at", errno: errno) }
    if status.st_mode & S_IFMT == S_IFLNK, status.st_uid != geteuid(), status.st_uid != 0 {
      throw .foreignOwner(path, user: status.st_uid)
    }
  }

  /// Makes what was renamed or created in a folder last; best effort, as some file systems cannot.
  static func flush(_ path: FilePath) {
    let descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return }
    fsync(descriptor)
    close(descriptor)
  }
}
