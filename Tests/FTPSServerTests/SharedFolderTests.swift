import FTP
import Glibc
import NIOCore
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import FTPSServer

/// Nothing outside the shared folder can be seen or changed, whatever the links in it say.
@Suite("The shared folder", .timeLimit(.minutes(1)))
struct SharedFolderTests {
  /// A root with links of all kinds, and a folder beside it that must never be reached.
  private struct Scene {
    let folder: TemporaryFolder
    let shared: SharedFolder

    init(isReadOnly: Bool = false) throws {
      folder = try TemporaryFolder("shared")
      try folder.write("secret", to: "outside/secret")
      try folder.write("content", to: "root/inner/deep/file")
      for (link, target) in [
        ("absolute", folder.appending("outside").string), ("absoluteFile", folder.appending("outside/secret").string),
        ("up", ".."), ("upAndOut", "../outside"), ("root", "/"), ("loop", "loop"), ("pair1", "pair2"),
        ("pair2", "pair1"), ("inner/out", "../../outside"), ("inner/near", "deep"), ("chain", "inner/near/../near"),
        ("toFile", "inner/deep/file"), ("dangling", "inner/nothing"), ("sneaky", "inner/../inner/../../outside"),
      ] {
        guard symlink(target, folder.appending("root/" + link).string) == 0 else { throw TestFailure("no link") }
      }
      shared = try SharedFolder(folder.appending("root"), isReadOnly: isReadOnly)
    }

    func path(_ text: String) throws -> RemotePath { try RemotePath("/" + text) }
  }

  @Test(
    "no path leads out",
    arguments: [
      "absolute/secret", "absoluteFile", "up/outside/secret", "upAndOut/secret", "root/etc/passwd", "inner/out/secret",
      "sneaky/secret", "loop", "loop/x", "pair1/x", "dangling/../../outside/secret",
    ])
  func nothingLeadsOut(name: String) throws {
    let scene = try Scene()
    let path = try scene.path(name)
    #expect(throws: FileError.self) { _ = try scene.shared.openFile(path) }
    #expect(throws: FileError.self) { _ = try scene.shared.openFolder(path) }
    #expect(throws: FileError.self) { _ = try scene.shared.openForWriting(path) }
    #expect(throws: FileError.self) { _ = try scene.shared.status(of: path, followingLink: true) }
    #expect(throws: FileError.self) { try scene.shared.setModified(path, to: Timestamp(seconds: 0)) }
  }

  @Test(
    "nothing outside is changed through a folder's link",
    arguments: ["absolute", "upAndOut", "inner/out", "sneaky"])
  func nothingOutsideChanges(link: String) throws {
    let scene = try Scene()
    let below = try scene.path(link + "/secret")
    let new = try scene.path(link + "/new")
    let file = try scene.path("inner/deep/file")
    #expect(throws: FileError.leavesRoot) { try scene.shared.removeFile(below) }
    #expect(throws: FileError.leavesRoot) { try scene.shared.makeFolder(new) }
    #expect(throws: FileError.leavesRoot) { try scene.shared.removeFolder(new) }
    #expect(throws: FileError.leavesRoot) { try scene.shared.rename(file, to: new) }
    #expect(throws: FileError.leavesRoot) { try scene.shared.rename(below, to: file) }
    #expect(throws: FileError.leavesRoot) { _ = try scene.shared.openForWriting(new) }
    #expect(FileTree.exists(scene.folder.appending("outside/secret")))
    #expect(!FileTree.exists(scene.folder.appending("outside/new")))
  }

  @Test("a path with dots stays at the root")
  func dots() throws {
    let scene = try Scene()
    let path = try RemotePath("/../../inner/../../outside/secret")
    #expect(path == (try RemotePath("/outside/secret")))
    #expect(throws: FileError.system(.noSuchFileOrDirectory)) { _ = try scene.shared.openFile(path) }
  }

  @Test("links within the folder are followed", arguments: ["toFile", "chain/file", "inner/near/file"])
  func innerLinks(name: String) throws {
    let scene = try Scene()
    let file = try scene.shared.openFile(scene.path(name))
    #expect(String(buffer: try file.read(100, at: 0)) == "content")
    #expect(try scene.shared.status(of: scene.path(name), followingLink: true).size == 7)
  }

  @Test("a link itself is renamed and removed, never its target")
  func linksThemselves() throws {
    let scene = try Scene()
    try scene.shared.rename(scene.path("absoluteFile"), to: scene.path("inner/renamed"))
    #expect(try scene.shared.status(of: scene.path("inner/renamed"), followingLink: false).kind == .symbolicLink)
    try scene.shared.removeFile(scene.path("inner/renamed"))
    #expect(FileTree.exists(scene.folder.appending("outside/secret")))
    #expect(throws: FileError.self) { try scene.shared.removeFolder(scene.path("absolute")) }
  }

  @Test("a folder that is swapped with a link out, over and over, is never left")
  func race() throws {
    let scene = try Scene()
    try scene.folder.write("content", to: "root/swapped/secret")
    let (place, spare) = (scene.folder.appending("root/swapped"), scene.folder.appending("root/spare"))
    guard symlink(scene.folder.appending("outside").string, spare.string) == 0 else { throw TestFailure("no link") }
    let (aside, path) = (scene.folder.appending("root/aside").string, try scene.path("swapped/secret"))
    let swapper = Swapper {
      _ = rename(place.string, aside) + rename(spare.string, place.string)
      _ = rename(place.string, spare.string) + rename(aside, place.string)
    }
    defer { swapper.stop() }
    var reads = 0
    for _ in 0..<20_000 {
      guard let file = try? scene.shared.openFile(path) else { continue }
      reads += 1
      guard String(buffer: try file.read(100, at: 0)) == "content" else { throw TestFailure("a secret was read") }
    }
    #expect(reads > 0)
  }

  @Test("a read-only server changes nothing")
  func readOnly() throws {
    let scene = try Scene(isReadOnly: true)
    let file = try scene.path("inner/deep/file")
    #expect(throws: FileError.readOnly) { _ = try scene.shared.openForWriting(file) }
    #expect(throws: FileError.readOnly) { try scene.shared.removeFile(file) }
    #expect(throws: FileError.readOnly) { try scene.shared.makeFolder(scene.path("x")) }
    #expect(throws: FileError.readOnly) { try scene.shared.removeFolder(scene.path("inner")) }
    #expect(throws: FileError.readOnly) { try scene.shared.rename(file, to: scene.path("x")) }
    #expect(throws: FileError.readOnly) { try scene.shared.setModified(file, to: Timestamp(seconds: 0)) }
    _ = try scene.shared.openFile(file)
  }

  @Test("the shared folder itself stays")
  func rootStays() throws {
    let scene = try Scene()
    #expect(throws: FileError.isRoot) { try scene.shared.removeFolder(.root) }
    #expect(throws: FileError.isRoot) { try scene.shared.rename(.root, to: scene.path("x")) }
    #expect(throws: FileError.isRoot) { try scene.shared.rename(scene.path("inner"), to: .root) }
    #expect(throws: FileError.system(.fileExists)) { try scene.shared.makeFolder(.root) }
  }

  @Test("only regular files are read and written, and a pipe keeps nobody waiting")
  func specialFiles() throws {
    let scene = try Scene()
    guard mkfifo(scene.folder.appending("root/pipe").string, 0o600) == 0 else { throw TestFailure("no pipe") }
    #expect(throws: FileError.notAFile) { _ = try scene.shared.openFile(scene.path("pipe")) }
    #expect(throws: FileError.self) { _ = try scene.shared.openForWriting(scene.path("pipe")) }
    #expect(throws: FileError.notAFile) { _ = try scene.shared.openFile(scene.path("inner")) }
    #expect(throws: FileError.self) { _ = try scene.shared.openForWriting(scene.path("inner")) }
    #expect(throws: FileError.notAFile) { _ = try scene.shared.openFile(.root) }
  }
}

/// A thread that does the same again and again.
private final class Swapper {
  private let work: Work
  private var thread = pthread_t()

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    let isDone = Atomic(false)

    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }

  init(_ body: @escaping @Sendable () -> Void) {
    work = Work(body)
    pthread_create(
      &thread, nil,
      { raw in
        let work = Unmanaged<Work>.fromOpaque(raw!).takeRetainedValue()
        while !work.isDone.load(ordering: .relaxed) { work.body() }
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
  }

  func stop() {
    work.isDone.store(true, ordering: .relaxed)
    pthread_join(thread, nil)
  }
}
