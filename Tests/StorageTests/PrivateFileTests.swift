import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@Suite("Private files")
struct PrivateFileTests {
  let folder: TemporaryFolder
  let path: FilePath

  init() throws {
    folder = try TemporaryFolder("private")
    path = folder.appending("key.pem")
  }

  @Test("what is written comes back, for the owner alone, and no other file is left")
  func roundTrip() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try PrivateFile.write([1], to: path)
    try PrivateFile.write(bytes, to: path)
    #expect(try PrivateFile.read(path) == bytes)
    #expect(permissions(path) == 0o600)
    #expect(try FileTree.names(in: folder.path).map(\.string) == ["key.pem"])
    try PrivateFile.write([], to: path)
    #expect(try PrivateFile.read(path) == [])
  }

  @Test("writing replaces a link and does not follow it")
  func link() throws {
    let other = try folder.write("other", to: "other")
    #expect(symlink("other", path.string) == 0)
    try PrivateFile.write([7], to: path)
    #expect(try FileTree.text(other) == "other")
    #expect(try PrivateFile.read(path) == [7])
  }

  @Test("a file that is not there is nil")
  func missing() throws {
    #expect(try PrivateFile.read(path) == nil)
  }

  @Test("a secret that others can read is refused, other content is not", arguments: [0o640, 0o604, 0o660] as [mode_t])
  func open(mode: mode_t) throws {
    try PrivateFile.write([7], to: path)
    chmod(path.string, mode)
    #expect(throws: StorageError.openToOthers(path, isFolder: false)) { try PrivateFile.read(path) }
    #expect(try PrivateFile.read(path, isSecret: false) == [7])
  }

  @Test("a folder and a pipe are no files, and reading does not wait for them")
  func kinds() throws {
    let pipe = folder.appending("pipe")
    #expect(mkfifo(pipe.string, 0o600) == 0)
    #expect(throws: StorageError.wrongKind(pipe, isFolder: false)) { try PrivateFile.read(pipe) }
    #expect(throws: StorageError.wrongKind(folder.path, isFolder: false)) { try PrivateFile.read(folder.path) }
  }

  @Test("a file that is longer than anybody needs is refused")
  func long() throws {
    try PrivateFile.write([1, 2, 3], to: path)
    #expect(throws: StorageError.system(path, doing: "read", errno: EFBIG)) { try PrivateFile.read(path, limit: 2) }
  }

  @Test("where nothing can be written, the old content stays")
  func cannotWrite() throws {
    let inside = path.appending("x")
    try PrivateFile.write([1], to: path)
    #expect(throws: StorageError.system(inside, doing: "write", errno: ENOTDIR)) {
      try PrivateFile.write([2], to: inside)
    }
    #expect(try PrivateFile.read(path) == [1])
  }
}
