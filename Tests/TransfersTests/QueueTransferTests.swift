import FTP
import FTPSClient
import FTPSServer
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing
import Transfers

/// Bytes with a period that no chunk, record or block shares.
func content(_ count: Int, seed: Int = 1) -> [UInt8] {
  let period = (0..<min(count, 65_537)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &* 7 &+ seed) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count)
  while bytes.count + period.count < count { bytes += period }
  return bytes + period.prefix(count - bytes.count)
}

@Suite("The queue against a server", .timeLimit(.minutes(2)))
struct QueueTransferTests {
  private func makeTree(_ folder: TemporaryFolder) throws {
    try folder.write(content(3_000_000), to: "tree/large.bin")
    try folder.write("", to: "tree/empty")
    try folder.makeFolder("tree/empty folder")
    try folder.write("Grüße", to: "tree/ordner/Übergröße 漢字 🛶.txt")
    try folder.write("x", to: "tree/-rf")
    for number in 0..<40 { try folder.write(content(100 * number, seed: number), to: "tree/small/\(number)") }
  }

  private func compare(_ one: FilePath, _ other: FilePath) async throws {
    let expected = try await TreeDigest(of: one)
    #expect(try await TreeDigest(of: other).differences(from: expected) == [])
  }

  @Test("a tree comes down, every byte, with its times, and nothing else is left")
  func download() async throws {
    try await QueueWorld.with { world in
      try makeTree(world.remote)
      var times = [timeval(tv_sec: 1_500_000_000, tv_usec: 0), timeval(tv_sec: 1_500_000_000, tv_usec: 0)]
      #expect(utimes(world.remote.appending("tree/empty").string, &times) == 0)
      let states = try await world.run([.init("tree")], from: world.there(), to: world.here())
      #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
      #expect(states["/tree/large.bin"] == .done(.length(3_000_000)))
      try await compare(world.remote.appending("tree"), world.local.folder.appending("tree"))
      let facts = try #require(FileTree.facts(world.local.folder.appending("tree/empty")))
      #expect(facts.st_mtim.tv_sec == 1_500_000_000)
    }
  }

  @Test("a tree goes up, every byte, with its times, and nothing else is left")
  func upload() async throws {
    try await QueueWorld.with { world in
      try makeTree(world.local.folder)
      var times = [timeval(tv_sec: 1_500_000_000, tv_usec: 0), timeval(tv_sec: 1_500_000_000, tv_usec: 0)]
      #expect(utimes(world.local.folder.appending("tree/empty").string, &times) == 0)
      let states = try await world.run([.init("tree", kind: .folder)], from: world.here(), to: world.there())
      #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
      try await compare(world.local.folder.appending("tree"), world.remote.appending("tree"))
      let facts = try #require(FileTree.facts(world.remote.appending("tree/empty")))
      #expect(facts.st_mtim.tv_sec == 1_500_000_000)
    }
  }

  @Test("a tree is copied from one local folder to another")
  func localCopy() async throws {
    try await QueueWorld.with { world in
      try makeTree(world.local.folder)
      try world.local.folder.makeFolder("copy")
      let states = try await world.run([.init("tree", kind: .folder)], from: world.here(), to: world.here("copy"))
      #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
      try await compare(world.local.folder.appending("tree"), world.local.folder.appending("copy/tree"))
    }
  }

  @Test("what is moved is there and not here, or the other way round", arguments: [true, false])
  func move(_ isDownload: Bool) async throws {
    try await QueueWorld.with { world in
      let (from, to) = isDownload ? (world.remote, world.local.folder) : (world.local.folder, world.remote)
      try makeTree(from)
      let digest = try await TreeDigest(of: from.appending("tree"))
      let places = try isDownload ? (world.there(), world.here()) : (world.here(), world.there())
      let states = try await world.run([.init("tree", kind: .folder)], from: places.0, to: places.1, .move)
      #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
      #expect(!FileTree.exists(from.appending("tree")))
      #expect(try await TreeDigest(of: to.appending("tree")).differences(from: digest) == [])
    }
  }

  @Test("a local name with a line break fails alone, with a sentence")
  func lineBreak() async throws {
    try await QueueWorld.with { world in
      try world.local.folder.write("a", to: "tree/one\ntwo")
      try world.local.folder.write("b", to: "tree/three")
      let states = try await world.run([.init("tree", kind: .folder)], from: world.here(), to: world.there())
      guard case .failed(let failure) = states["\(world.local.folder.path)/tree/one\ntwo"] else {
        Issue.record("\(states)")
        return
      }
      #expect(failure.reason.contains("one\\x0Atwo"))
      #expect(try FileTree.names(in: world.remote.appending("tree")).map(\.string) == ["three"])
    }
  }

  @Test("a symbolic link in a tree is left out; one that a person named is followed")
  func links() async throws {
    try await QueueWorld.with { world in
      try world.local.folder.write("a", to: "tree/file")
      #expect(symlink("/etc", world.local.folder.appending("tree/link").string) == 0)
      #expect(symlink("tree", world.local.folder.appending("named").string) == 0)
      try await world.run([.init("named")], from: world.here(), to: world.there())
      #expect(try FileTree.names(in: world.remote.appending("named")).map(\.string) == ["file"])
    }
  }

  @Test(
    "an existing file is treated as the policy says",
    arguments: ConflictPolicy.allCases + [.table(.newerOrDifferentSize)], [true, false])
  func conflicts(_ policy: ConflictPolicy, _ isDownload: Bool) async throws {
    try await QueueWorld.with { world in
      let (from, to) = isDownload ? (world.remote, world.local.folder) : (world.local.folder, world.remote)
      try from.write("new and longer", to: "file.txt")
      // For resume, the beginning of the new one; older than that.
      try to.write("new and", to: "file.txt")
      var times = [timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
      #expect(utimes(to.appending("file.txt").string, &times) == 0)
      let places = try isDownload ? (world.there(), world.here()) : (world.here(), world.there())
      let states = try await world.run([.init("file.txt")], from: places.0, to: places.1, onConflict: policy)
      let old = try FileTree.text(to.appending("file.txt"))
      switch policy {
      case .ask:
        #expect(states.values.allSatisfy { if case .failed = $0 { true } else { false } })
        #expect(old == "new and")
      case .skip:
        #expect(states.values.allSatisfy { if case .skipped = $0 { true } else { false } })
        #expect(old == "new and")
      case .overwrite, .newer, .size, .resume, .table: #expect(old == "new and longer", "\(states)")
      case .rename:
        #expect(old == "new and")
        #expect(try FileTree.text(to.appending("file (2).txt")) == "new and longer")
      }
      let names = try FileTree.names(in: to.path).map(\.string)
      #expect(names == (policy == .rename ? ["file (2).txt", "file.txt"] : ["file.txt"]))
    }
  }

  @Test("a question waits for its answer while the rest goes on")
  func question() async throws {
    try await QueueWorld.with { world in
      for name in ["a", "b", "c"] { try world.remote.write("new", to: name) }
      try world.local.folder.write("old", to: "a")
      try world.local.folder.write("old", to: "b")
      let request = TransferRequest(
        from: try world.there(), [.init("a"), .init("b"), .init("c")], to: world.here())
      var asked: [TransferItem.ID] = []
      for await event in try await world.queue.run(request) {
        guard case .needsYou(let row) = event else { continue }
        asked.append(row.id)
        if asked.count < 2 { continue }
        #expect(try await eventually { await world.queue.rows(.finished, from: 0, count: 9).count == 1 })
        await world.queue.answer(asked[0], .overwrite, for: .batch)
      }
      for name in ["a", "b", "c"] {
        #expect(try FileTree.text(world.local.folder.appending(name)) == "new")
      }
    }
  }

  @Test("a password that is not known is asked for, and everything goes on when it is there")
  func password() async throws {
    try await QueueWorld.with { world in
      try world.remote.write("a", to: "a")
      try world.remote.write("b", to: "b")
      world.provider.setPassword(nil)
      let request = TransferRequest(from: try world.there(), [.init("a"), .init("b")], to: world.here())
      var questions = 0
      for await event in try await world.queue.run(request) {
        guard case .needsYou(let row) = event else { continue }
        questions += 1
        #expect(row.state.question?.server == world.address)
        world.provider.setPassword("lovelace")
        await world.queue.serverReady(world.address)
      }
      #expect(questions == 1)
      #expect(try FileTree.text(world.local.folder.appending("b")) == "b")
    }
  }

  @Test("a wrong password is sent once, whatever there is to do", arguments: [1, 4])
  func wrongPassword(_ jobs: Int) async throws {
    try await QueueWorld.with(jobs: jobs) { world in
      world.provider.setPassword("wrong")
      let entries = (0..<10).map { TransferRequest.Entry(FileName(stringLiteral: "\($0)")) }
      let states = try await world.run(entries, from: world.there(), to: world.here())
      #expect(states.count == 10)
      for case .failed(let failure) in states.values { #expect(failure.kind == .login) }
      #expect(world.commands.count("PASS") == 1)
    }
  }

  @Test("a file that is not there is said so")
  func missing() async throws {
    try await QueueWorld.with { world in
      let states = try await world.run([.init("nothing", kind: .file)], from: world.there(), to: world.here())
      #expect(states["/nothing"]?.reason == "\u{201C}nothing\u{201D} is not there any more.")
      let up = try await world.run([.init("nothing", kind: .file)], from: world.here(), to: world.there())
      #expect(up.values.first?.reason?.hasSuffix("does not exist.") == true)
      #expect(try world.local.names() == [])
    }
  }

  @Test("a full disk ends the item at once, and the part of it stays for later")
  func fullDisk() async throws {
    let files = FaultyFiles(.write, code: ENOSPC, at: 2, forEver: true)
    try await QueueWorld.with(files: files) { world in
      try world.remote.write(content(4_000_000), to: "a")
      let states = try await world.run([.init("a")], from: world.there(), to: world.here())
      #expect(states["/a"]?.reason?.hasPrefix("The disk is full") == true, "\(states)")
      #expect(world.commands.count("RETR") == 1)
      #expect(try world.local.names().allSatisfy { $0.hasSuffix(".ferry.part") })
    }
  }

  @Test("a read-only folder on the server is said to be one")
  func readOnlyServer() async throws {
    let readOnly = { (configuration: inout ServerConfiguration) in configuration.isReadOnly = true }
    try await QueueWorld.with(readOnly) { world in
      try world.local.folder.write("a", to: "a")
      let states = try await world.run([.init("a")], from: world.here(), to: world.there())
      guard case .failed(let failure) = states.values.first else {
        Issue.record("\(states)")
        return
      }
      #expect(failure.kind == .item)
      #expect(failure.reason.hasPrefix("The server refused STOR"), "\(failure.reason)")
    }
  }

  @Test("a queue that was stopped in the middle of a file goes on where the file ended", arguments: [true, false])
  func pauseAndResume(_ isDownload: Bool) async throws {
    try await QueueWorld.with(jobs: 1) { world in
      let size = 60_000_000
      let (from, to) = isDownload ? (world.remote, world.local.folder) : (world.local.folder, world.remote)
      try from.write(content(size), to: "a")
      let places = try isDownload ? (world.there(), world.here()) : (world.here(), world.there())
      let events = try await world.queue.run(TransferRequest(from: places.0, [.init("a")], to: places.1))
      var id: TransferItem.ID?
      for await event in events {
        if case .started(let row) = event { id = row.id }
        break
      }
      let item = try #require(id)
      #expect(try await eventually { await world.queue.row(item).map { $0.bytes > 1 << 20 } ?? false })
      await world.queue.pause([item])
      #expect(try await eventually { await !world.queue.isBusy })
      let paused = try #require(await world.queue.row(item))
      #expect(paused.state == .paused)
      let parts = try FileTree.names(in: to.path).map(\.string)
      #expect(parts.count == 1 && parts[0].hasSuffix(".ferry.part"))
      await world.queue.resume([item])
      #expect(try await eventually(within: .seconds(30)) { await world.queue.row(item)?.state.isDone ?? false })
      #expect(try FileTree.read(to.appending("a")) == content(size))
      #expect(try FileTree.names(in: to.path).map(\.string) == ["a"])
      // An upload also reads back the end of what is there, and afterwards both sides of the seam.
      #expect(world.commands.count("REST") == (isDownload ? 1 : 3))
    }
  }

  @Test("what is cancelled in the middle leaves nothing behind", arguments: [true, false])
  func cancel(_ isDownload: Bool) async throws {
    try await QueueWorld.with(jobs: 1) { world in
      let (from, to) = isDownload ? (world.remote, world.local.folder) : (world.local.folder, world.remote)
      try from.write(content(60_000_000), to: "a")
      let places = try isDownload ? (world.there(), world.here()) : (world.here(), world.there())
      let id = try await world.queue.enqueue(TransferRequest(from: places.0, [.init("a")], to: places.1))
      _ = id
      let item = try #require(await world.queue.rows(.running, from: 0, count: 1).first?.id)
      #expect(try await eventually { await world.queue.row(item).map { $0.bytes > 1 << 20 } ?? false })
      await world.queue.cancel([item])
      #expect(try await eventually { try FileTree.names(in: to.path).isEmpty })
      #expect(await world.queue.row(item)?.state == .cancelled)
    }
  }

  @Test("whoever watches sees bytes move, and the end")
  func snapshots() async throws {
    let barrier = Barrier()
    try await QueueWorld.with(jobs: 1, pacer: barrier) { world in
      try world.remote.write(content(30_000_000), to: "a")
      let updates = world.queue.updates
      _ = try await world.queue.enqueue(
        TransferRequest(from: try world.there(), [.init("a", kind: .file, size: 30_000_000)], to: world.here()))
      var sawProgress = false
      for await snapshot in updates {
        if let row = snapshot[.running].first, row.bytes > 0 {
          sawProgress = true
          barrier.open()
        }
        if snapshot.counts.finished == 1 {
          #expect(snapshot[.finished].first?.state == .done(.length(30_000_000)))
          #expect(snapshot.bytesLeft == 0)
          break
        }
      }
      #expect(sawProgress)
    }
  }
}

extension ItemState {
  var isDone: Bool { if case .done = self { true } else { false } }
  var reason: String? { if case .failed(let failure) = self { failure.reason } else { nil } }
  var question: Question? { if case .needsYou(let question) = self { question } else { nil } }
}
