import FTP
import Glibc
import SystemPackage

/// Local paths of the command line.
enum LocalPaths {
  /// The folder that downloads go into; it is made if only its last part is missing.
  ///
  /// - Throws: ``UsageProblem``.
  static func targetFolder(_ text: String) throws -> FilePath {
    let path = absolute(text)
    let name = SafeText.escape(text)
    if path.withPlatformString({ LocalFiles.makeFolder($0) }) == 0 { return path }
    let reason = errno
    var status = stat()
    guard stat(path.string, &status) == 0 else {
      throw UsageProblem("The folder \(name) cannot be made: \(String(cString: strerror(reason))).")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw UsageProblem("\(name) is not a folder: name the folder to download into.")
    }
    return path
  }

  /// The folder and the name of something to upload; "." and its like by the name that they have.
  ///
  /// - Throws: ``ItemProblem`` where there is nothing.
  static func source(_ text: String) throws -> (folder: FilePath, name: FileName) {
    var path = absolute(text)
    let shown = SafeText.escape(text)
    var status = stat()
    guard lstat(path.string, &status) == 0 else {
      throw ItemProblem("\(shown) cannot be uploaded: \(String(cString: strerror(errno))).")
    }
    if path.lastComponent?.kind != .regular, let resolved = realpath(path.string, nil) {
      path = FilePath(platformString: resolved)
      free(resolved)
    }
    guard let component = path.lastComponent,
      let name = try? FileName(
        component.withPlatformString { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) }
          .map { UInt8(bitPattern: $0) })
    else { throw ItemProblem("\(shown) has no name: name the folders in it that are to be uploaded.") }
    return (path.removingLastComponent(), name)
  }

  /// Whether what is to be uploaded is a folder, so that many files may come.
  static func isFolder(_ text: String) -> Bool {
    var status = stat()
    return lstat(absolute(text).string, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The path of what was typed, from the current folder on.
  static func absolute(_ text: String) -> FilePath {
    let path = FilePath(text)
    if path.isAbsolute { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return FilePath(platformString: folder).pushing(path)
  }
}
