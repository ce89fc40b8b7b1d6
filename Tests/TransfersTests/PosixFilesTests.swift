import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing
import Transfers

@Suite("Local files under an opened folder")
struct PosixFilesTests {
  private let place: LocalPlace
  private let folder: OpenFolder
  private let files = PosixFiles()

  init() throws {
    place = try LocalPlace()
    folder = try place.open()
  }

  private func code(_ body: () throws -> Void) -> Int32? {
    do { try body() } catch { return (error as? LocalFault)?.code }
    return nil
  }

  @Test("a file is never created where something is, not even a dangling link")
  func exclusive() throws {
    try place.folder.write("old", to: "a")
    #expect(symlink("nowhere", place.folder.appending("b").string) == 0)
    #expect(code { _ = try files.create("a", in: folder, permissions: 0o600) } == EEXIST)
    #expect(code { _ = try files.create("b", in: folder, permissions: 0o600) } == EEXIST)
    #expect(!FileTree.exists(place.folder.appending("nowhere")))
  }

  @Test("a link in the place of a folder or a file is not followed, and said to be a link")
  func links() throws {
    try place.folder.write("secret", to: "outside/file")
    #expect(symlink("outside", place.folder.appending("folder").string) == 0)
    #expect(symlink("outside/file", place.folder.appending("file").string) == 0)
    #expect(code { _ = try files.openFolder("folder", in: folder, following: false) } == ELOOP)
    #expect(code { _ = try files.openForWriting("file", in: folder) } == ELOOP)
    #expect(code { _ = try files.openForReading("file", in: folder, following: false) } == ELOOP)
    _ = try files.openFolder("folder", in: folder, following: true)
    #expect(try files.status(of: "file", in: folder, following: false)?.kind == .symbolicLink)
    #expect(try files.status(of: "file", in: folder, following: true)?.size == 6)
    #expect(try files.status(of: "nothing", in: folder, following: false) == nil)
  }

  @Test("a FIFO and a folder are no files, and opening them does not wait")
  func notFiles() throws {
    #expect(mkfifo(place.folder.appending("fifo").string, 0o600) == 0)
    try place.folder.makeFolder("folder")
    #expect(code { _ = try files.openForReading("fifo", in: folder, following: false) } != nil)
    #expect(code { _ = try files.openForWriting("fifo", in: folder) } != nil)
    #expect(code { _ = try files.openForReading("folder", in: folder, following: false) } == EISDIR)
  }

  @Test("a rename that may not replace does not, and one that may replaces a link and not its target")
  func rename() throws {
    try place.folder.write("new", to: "part")
    try place.folder.write("old", to: "target")
    #expect(symlink("target", place.folder.appending("link").string) == 0)
    #expect(code { try files.rename("part", to: "target", in: folder, replacing: false) } == EEXIST)
    try files.rename("part", to: "link", in: folder, replacing: true)
    #expect(try FileTree.text(place.folder.appending("target")) == "old")
    #expect(try FileTree.text(place.folder.appending("link")) == "new")
    #expect(try place.names() == ["link", "target"])
  }

  @Test("making a folder where one is, is no error; where a file is, it is")
  func makeFolder() throws {
    #expect(try files.makeFolder("a", in: folder))
    #expect(try !files.makeFolder("a", in: folder))
    try place.folder.write("", to: "b")
    #expect(code { _ = try files.makeFolder("b", in: folder) } == ENOTDIR)
  }

  @Test("names of any bytes are listed as they are, with their kinds")
  func names() throws {
    let odd = try FileName([0xFF, 0x0A, 0x1B, 0x20])
    _ = try files.create(odd, in: folder, permissions: 0o600)
    try place.folder.makeFolder("d")
    let names = try files.names(in: folder).sorted { $0.name < $1.name }
    #expect(names.map(\.name) == ["d", odd])
    #expect(names.map { $0.kind ?? .folder }[0] == .folder)
    // A second look starts at the beginning again.
    #expect(try files.names(in: folder).count == 2)
  }

  @Test("a fault is told in one sentence without the bytes that could steer a terminal")
  func sentences() throws {
    let name = try FileName([0x1B, 0x5B, 0x32, 0x4A])
    let fault = #expect(throws: LocalFault.self) {
      try files.openForReading(name, in: folder, following: false)
    }
    let text = "\(try #require(fault))"
    #expect(text.hasSuffix("\\x1B[2J\u{201D} does not exist."))
    #expect(!text.utf8.contains(0x1B))
  }

  @Test("a time is kept to the nanosecond")
  func times() throws {
    let file = try files.create("a", in: folder, permissions: 0o600)
    let time = Timestamp(seconds: 1_234_567_890, nanoseconds: 123_456_789, precision: .nanosecond)
    try files.setModified(time, of: file)
    #expect(try files.status(of: file).modified == time)
  }

  @Test(
    "new files and folders get what a person's umask leaves, whatever the process's own is", arguments: [0o002, 0o077])
  func otherUmask(_ umask: Int) throws {
    let files = PosixFiles(umask: UInt16(umask))
    #expect(files.newFilePermissions == UInt16(0o666 & ~umask))
    _ = try files.makeFolder("d", in: folder)
    #expect(try #require(FileTree.facts(place.folder.appending("d"))).st_mode & 0o777 == mode_t(0o777 & ~umask))
  }

  @Test("new files get what the umask leaves")
  func umask() throws {
    try place.folder.write("", to: "a")
    let file = open(place.folder.appending("b").string, O_CREAT | O_WRONLY, 0o666)
    close(file)
    let made = FileTree.facts(place.folder.appending("b"))
    #expect(files.newFilePermissions == UInt16(try #require(made).st_mode & 0o777))
  }
}
