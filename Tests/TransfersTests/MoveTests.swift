import FTP
import FTPSClient
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// One file that is moved, while others work with it.
@Suite("A file that is moved", .timeLimit(.minutes(1)))
struct MoveTests {
  private let bytes = content(100_000)

  private func isLeft(_ outcome: JobOutcome) -> Bool {
    if case .failed(.sourceNotRemoved("a", _)) = outcome { true } else { false }
  }

  @Test("keeps a local source that another file has taken the place of", arguments: ["MFMT", "RNFR"])
  func replacedHere(_ moment: String) async throws {
    let world = try JobWorld()
    try world.folder.write(bytes, to: "a")
    let folder = world.folder
    world.remote.before { line in
      guard line.hasPrefix(moment) else { return }
      // As an editor saves.
      _ = try? folder.write("newer", to: "b")
      rename(folder.appending("b").string, folder.appending("a").string)
    }
    let outcome = await world.upload(.move)
    #expect(isLeft(outcome), "\(outcome)")
    #expect(try FileTree.text(folder.appending("a")) == "newer")
    #expect(world.remote["/a"]?.bytes == bytes)
  }

  @Test("keeps a local source that was written to after it was read")
  func changedHere() async throws {
    let world = try JobWorld()
    try world.folder.write(bytes, to: "a")
    let path = world.folder.appending("a")
    world.remote.before { line in
      guard line.hasPrefix("RNFR") else { return }
      let file = open(path.string, O_WRONLY)
      pwrite(file, "x", 1, 5)
      close(file)
    }
    let outcome = await world.upload(.move)
    #expect(isLeft(outcome), "\(outcome)")
    #expect(FileTree.exists(path))
  }

  /// Features of servers that tell of times and identities, and of one that tells sizes only.
  static let features = [MemoryServer.Habits().features, ["SIZE", "REST STREAM"]]

  @Test("keeps a source on a server that another file has taken the place of", arguments: features)
  func replacedThere(_ features: [String]) async throws {
    var habits = MemoryServer.Habits()
    habits.features = features
    let world = try JobWorld(habits)
    world.remote["/a"] = MemoryServer.File(bytes)
    let remote = world.remote
    world.remote.before { line in
      if line == "RETR /a 0 done" { remote["/a"] = MemoryServer.File(Array("newer".utf8), unique: "2") }
    }
    let outcome = await world.download(.move) { $0.size = 100_000 }
    #expect(isLeft(outcome), "\(outcome)")
    #expect(world.remote["/a"]?.bytes == Array("newer".utf8))
    #expect(try FileTree.read(world.folder.appending("a")) == bytes)
  }

  @Test("keeps a source on a server that was changed after it was listed")
  func changedThere() async throws {
    let world = try JobWorld()
    world.remote["/a"] = MemoryServer.File(bytes, modified: Timestamp(seconds: 1_700_000_000))
    let outcome = await world.download(.move) {
      $0.size = 100_000
      $0.modified = Timestamp(seconds: 1_600_000_000)
    }
    #expect(isLeft(outcome), "\(outcome)")
    #expect(world.remote.names == ["/a"])
  }

  @Test("removes what has stayed as it was, also where a server tells nothing but sizes", arguments: features)
  func unchanged(_ features: [String]) async throws {
    var habits = MemoryServer.Habits()
    habits.features = features
    let world = try JobWorld(habits)
    world.remote["/a"] = MemoryServer.File(bytes)
    #expect(await world.download(.move) { $0.size = 100_000 } == .done(.length(100_000)))
    #expect(world.remote.names == [])
    #expect(await world.upload(.move) == .done(.length(100_000)))
    #expect(try world.local.names() == [])
    #expect(world.remote.names == ["/a"])
  }

  @Test("keeps a local source that was replaced while it was copied to another folder here")
  func replacedOnTheWay() async throws {
    let files = FaultyFiles()
    files.separateFolders()
    let world = try JobWorld(MemoryServer.Habits(), files)
    let folder = world.folder
    try folder.write(bytes, to: "a")
    try folder.makeFolder("other")
    files.before { call in
      // The first one is the attempt to do without a copy.
      guard call == .rename, files.calls.contains(.rename) else { return }
      _ = try? folder.write("newer", to: "b")
      rename(folder.appending("b").string, folder.appending("a").string)
    }
    let outcome = await world.run(
      from: .local, folder.appending("a").string, to: .local, folder.appending("other/a").string, .move
    ).outcome
    #expect(isLeft(outcome), "\(outcome)")
    #expect(try FileTree.text(folder.appending("a")) == "newer")
    #expect(try FileTree.read(folder.appending("other/a")) == bytes)
  }

  // MARK: Restarts

  /// A file like the one that is moved in all that a list tells, and another one.
  private var alike: [UInt8] { bytes.map { $0 ^ 1 } }

  private func touch(_ path: FilePath) {
    var times = [timeval(tv_sec: 1_600_000_000, tv_usec: 0), timeval(tv_sec: 1_600_000_000, tv_usec: 0)]
    #expect(utimes(path.string, &times) == 0)
  }

  @Test(
    "after a restart, keeps a source whose target has its size and time, and other content", arguments: [true, false])
  func alikeAfterRestart(_ isDownload: Bool) async throws {
    let world = try JobWorld()
    try world.folder.write(isDownload ? alike : bytes, to: "a")
    touch(world.folder.appending("a"))
    world.remote["/a"] = MemoryServer.File(isDownload ? bytes : alike)
    let change: (inout TransferItem) -> Void = { item in
      item.hasStarted = true
      item.size = 100_000
      item.modified = Timestamp(seconds: 1_600_000_000)
    }
    let outcome = isDownload ? await world.download(.move, change) : await world.upload(.move, change)
    #expect(outcome == .skipped("The target exists already."))
    #expect(world.remote["/a"]?.bytes == (isDownload ? bytes : alike))
    #expect(try FileTree.read(world.folder.appending("a")) == (isDownload ? alike : bytes))
  }

  @Test("after a restart, ends what was moved and not removed yet", arguments: [true, false])
  func sameAfterRestart(_ isDownload: Bool) async throws {
    let world = try JobWorld()
    try world.folder.write(bytes, to: "a")
    touch(world.folder.appending("a"))
    world.remote["/a"] = MemoryServer.File(bytes)
    let outcome =
      isDownload
      ? await world.download(.move) { $0.hasStarted = true } : await world.upload(.move) { $0.hasStarted = true }
    #expect(outcome == .done(.readBack(100_000)))
    #expect(world.remote.names == (isDownload ? [] : ["/a"]))
    #expect(try world.local.names() == (isDownload ? ["a"] : []))
  }
}
