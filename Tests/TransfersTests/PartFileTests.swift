import FTP
import Glibc
import NIOCore
import SystemPackage
import TestSupport
import Testing
import Transfers

@Suite("The file that a download goes to")
struct PartFileTests {
  private let name: FileName = ".a.x.ferry.part"

  private func part(_ place: LocalPlace, limit: Int = PartFile.defaultLimit) throws -> PartFile {
    let folder = try place.open()
    let file = try place.files.create(name, in: folder, permissions: 0o600)
    return PartFile(file, name: name, in: folder, disk: place.disk, limit: limit)
  }

  private func completion(
    _ length: Int64?, modified: Timestamp? = nil, replacing: Bool = false
  ) -> PartFile.Completion {
    PartFile.Completion(target: "a", expectedLength: length, modified: modified, isReplacing: replacing)
  }

  private func fault(_ body: () async throws -> Void) async -> Int32? {
    do { try await body() } catch { return (error as? LocalFault)?.code }
    return nil
  }

  @Test(
    "what is written, in pieces of any size, is the file, under its name, with its time", arguments: [1, 64, 1 << 20])
  func writes(_ limit: Int) async throws {
    let place = try LocalPlace()
    let part = try part(place, limit: limit)
    var expected: [UInt8] = []
    for (index, size) in [1, 100, 0, 65_536, 3, 1 << 20, 17].enumerated() {
      let bytes = [UInt8](repeating: UInt8(index), count: size)
      expected += bytes
      try await part.write(ByteBuffer(bytes: bytes))
    }
    let time = Timestamp(seconds: 1_600_000_000)
    try await part.finish(completion(Int64(expected.count), modified: time))
    #expect(try place.names() == ["a"])
    #expect(try FileTree.read(place.folder.appending("a")) == expected)
    let facts = try #require(FileTree.facts(place.folder.appending("a")))
    #expect(facts.st_mtim.tv_sec == 1_600_000_000)
    #expect(UInt16(facts.st_mode & 0o777) == place.files.newFilePermissions)
  }

  @Test("an empty file is a file")
  func empty() async throws {
    let place = try LocalPlace()
    try await part(place).finish(completion(0))
    #expect(try FileTree.read(place.folder.appending("a")) == [])
  }

  @Test("a length that is not the one that was told gets no name, and keeps what stood there")
  func length() async throws {
    let place = try LocalPlace()
    try place.folder.write("old", to: "a")
    let part = try part(place)
    try await part.write(ByteBuffer(string: "half"))
    await #expect(throws: TransferError.lengthDiffers(expected: 8, found: 4)) {
      try await part.finish(completion(8, replacing: true))
    }
    #expect(try FileTree.text(place.folder.appending("a")) == "old")
  }

  @Test("a target that has appeared meanwhile is not replaced unless that was asked for")
  func appeared() async throws {
    let place = try LocalPlace()
    let part = try part(place)
    try await part.write(ByteBuffer(string: "new"))
    try place.folder.write("mine", to: "a", permissions: [.ownerReadWrite, .groupRead])
    #expect(await fault { try await part.finish(completion(3)) } == EEXIST)
    #expect(try FileTree.text(place.folder.appending("a")) == "mine")
    try await part.finish(completion(3, replacing: true))
    #expect(try FileTree.text(place.folder.appending("a")) == "new")
    #expect(try #require(FileTree.facts(place.folder.appending("a"))).st_mode & 0o777 == 0o640)
  }

  @Test("a link at the target is replaced itself, and what it points to stays")
  func link() async throws {
    let place = try LocalPlace()
    try place.folder.write("precious", to: "elsewhere")
    #expect(symlink("elsewhere", place.folder.appending("a").string) == 0)
    let part = try part(place)
    try await part.write(ByteBuffer(string: "new"))
    try await part.finish(completion(3, replacing: true))
    #expect(try FileTree.text(place.folder.appending("elsewhere")) == "precious")
    #expect(try FileTree.text(place.folder.appending("a")) == "new")
  }

  @Test("a folder at the target is in the way")
  func folderInTheWay() async throws {
    let place = try LocalPlace()
    try place.folder.makeFolder("a")
    let part = try part(place)
    await #expect(throws: TransferError.targetIsFolder("a")) { try await part.finish(completion(0, replacing: true)) }
  }

  @Test("a full disk is told by the next write or at the end, and what came before it stays")
  func fullDisk() async throws {
    let place = try LocalPlace(FaultyFiles(.write, code: ENOSPC, at: 3, forEver: true))
    let part = try part(place, limit: 4)
    let code = await fault {
      for _ in 0..<10 { try await part.write(ByteBuffer(string: "12345")) }
      try await part.finish(completion(50))
    }
    #expect(code == ENOSPC)
    await part.abandon(keeping: true)
    #expect(part.length == 10)
    #expect(try FileTree.text(place.folder.appending(name.text)) == "1234512345")
  }

  @Test(
    "a step that fails at the end gives no file its name",
    arguments: [LocalFault.Call.status, .setPermissions, .setTimes, .flush, .rename], [EIO, ENOSPC, EROFS])
  func lastSteps(_ call: LocalFault.Call, _ code: Int32) async throws {
    let place = try LocalPlace(FaultyFiles(call, code: code))
    try place.folder.write("old", to: "a")
    let part = try part(place)
    try await part.write(ByteBuffer(string: "new"))
    let end = completion(3, modified: Timestamp(seconds: 1), replacing: true)
    #expect(await fault { try await part.finish(end) } == code)
    #expect(try FileTree.text(place.folder.appending("a")) == "old")
  }

  @Test("an abandoned part file is kept or removed, as asked", arguments: [true, false])
  func abandon(_ keeps: Bool) async throws {
    let place = try LocalPlace()
    let part = try part(place)
    try await part.write(ByteBuffer(string: "half"))
    await part.abandon(keeping: keeps)
    #expect(try place.names() == (keeps ? [name.text] : []))
  }

  @Test("a part file goes on where it ended")
  func resume() async throws {
    let place = try LocalPlace()
    try place.folder.write("first ", to: name.text)
    let folder = try place.open()
    let file = try place.files.openForWriting(name, in: folder)
    let part = PartFile(file, name: name, in: folder, from: 6, disk: place.disk)
    try await part.write(ByteBuffer(string: "second"))
    try await part.finish(completion(12))
    #expect(try FileTree.text(place.folder.appending("a")) == "first second")
  }
}

@Suite("A small disk that is really full", .enabled(if: getuid() == 0, "mounting a tmpfs needs root"))
struct FullDiskTests {
  @Test("the disk is said to be full, and the part file is kept")
  func full() async throws {
    let place = try LocalPlace()
    let mounted = mount("tmpfs", place.folder.path.string, "tmpfs", 0, "size=256k")
    // A container may keep even root from mounting.
    guard mounted == 0 else { return }
    defer { umount2(place.folder.path.string, Int32(MNT_DETACH)) }
    let folder = try place.open()
    let file = try place.files.create(".p", in: folder, permissions: 0o600)
    let part = PartFile(file, name: ".p", in: folder, disk: place.disk, limit: 64 << 10)
    let fault = await #expect(throws: LocalFault.self) {
      for _ in 0..<64 { try await part.write(ByteBuffer(repeating: 7, count: 16 << 10)) }
      try await part.finish(
        PartFile.Completion(target: "a", expectedLength: 1 << 20, modified: nil, isReplacing: false))
    }
    #expect(fault?.isFull == true)
    await part.abandon(keeping: true)
    #expect(try place.files.status(of: ".p", in: folder, following: false)?.size == part.length)
  }
}
