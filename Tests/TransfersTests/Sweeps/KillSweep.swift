import FTP
import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// Processes that transfer are killed at any moment, and those that take up their work are, too. What has a final name is
/// the old file or the new one, whole; what was accepted is done exactly once; nothing else is left.
@Suite("Kills", .serialized, .timeLimit(.minutes(60)))
struct KillSweep {
  @Test("nothing is lost, doubled or spoilt by a kill", arguments: [ServerSoftware.vsftpd, .proFTPD])
  func kills(_ software: ServerSoftware) async throws {
    try await sweep(software, rounds: Sweep.rounds("KILLS", sample: 50) / 2, copies: 1)
  }

  @Test("two copies share one queue, and one of them is killed", arguments: [ServerSoftware.vsftpd, .proFTPD])
  func copies(_ software: ServerSoftware) async throws {
    try await sweep(software, rounds: Sweep.rounds("COPIES", sample: 10) / 2, copies: 2)
  }

  private func sweep(_ software: ServerSoftware, rounds: Int, copies: Int) async throws {
    let start = ContinuousClock.now
    let world = try await KillWorld(software, copies: copies)
    for number in 0..<rounds {
      try await world.play(number)
      if world.violations > 20 { break }
    }
    Sweep.report(
      "kills, \(software), \(copies) \(copies == 1 ? "copy" : "copies"), seed \(Sweep.seed): \(world.played) rounds, "
        + "\(world.kills) kills, \(world.items) items, \(world.violations) violations; "
        + "\((ContinuousClock.now - start).components.seconds) s")
    #expect(world.violations == 0)
    await world.server.stop()
  }
}

/// One server, one home and two folders, for many rounds.
private final class KillWorld {
  let server: RealServer
  private(set) var played = 0
  private(set) var kills = 0
  private(set) var items = 0
  private(set) var violations = 0
  private let copies: Int
  private let local: TemporaryFolder
  private let home: TemporaryFolder
  private var random: SeededRandom
  /// What each file held before and holds now, by its path from `down` or `up` on.
  private var old: [String: [UInt8]] = [:]
  private var new: [String: [UInt8]] = [:]
  /// Microseconds in which a round of work usually ends.
  private var usual = 700_000

  init(_ software: ServerSoftware, copies: Int) async throws {
    self.copies = copies
    server = try await RealServer.start(software)
    local = try TemporaryFolder("kills")
    home = try TemporaryFolder("home")
    random = SeededRandom(seed: Sweep.seed)
    for folder in ["down", "up"] {
      try FileTree.makeFolders(server.root.appending(folder))
      try local.makeFolder(folder)
    }
  }

  func play(_ number: Int) async throws {
    let works: [KillRound.Work] = [.download, .upload, .both, .edits]
    let work = works[number % works.count]
    try makeSources(number)
    try await server.adopt()
    let ledger = local.appending("ledger")
    FileTree.remove(ledger)
    var round = KillRound(
      work: work, home: home.path.string, port: server.port, password: server.password,
      remote: server.home == "/" ? "" : server.home, local: local.path.string, ledger: ledger.string, killAfter: nil,
      seed: Sweep.seed &+ UInt64(number))
    round.killAfter = Int.random(in: 0..<usual, using: &random)
    await run(round)
    round.work = .recovery
    // Recovery is killed, too: every other time once, every eighth time three times.
    let again = number % 8 == 7 ? 3 : number % 2
    for _ in 0..<again {
      round.killAfter = Int.random(in: 0..<usual, using: &random)
      await run(round)
    }
    let database = FerryDatabase(Home(folder: home.path))
    let before = try snapshot(database)
    round.killAfter = nil
    let start = ContinuousClock.now
    await run(round)
    usual = max(300_000, min(2_000_000, Int((ContinuousClock.now - start) / .microseconds(1))))
    try check(number, work, before, database, ledger)
    try database.queue.clear(Set(JournalItem.State.allCases))
    played += 1
  }

  /// Runs a process, beside another one where there are to be two, and sees how it ends.
  private func run(_ round: KillRound) async {
    if round.killAfter != nil { kills += 1 }
    var beside = round
    beside.work = .recovery
    beside.killAfter = nil
    if copies == 1 { return await KillProcess.expectEnd(round) }
    async let other: Void = KillProcess.expectEnd(beside)
    await KillProcess.expectEnd(round)
    await other
  }

  // MARK: Files

  private static let sizes = [
    "tree/a": 0, "tree/b": 1, "tree/c": 5_000, "tree/sub/d": 70_000, "tree/sub/e": 400_000, "tree/f": 1_500_000,
    "single": 250_000,
  ]

  private func makeSources(_ number: Int) throws {
    (old, new) = (new, [:])
    for (folder, root) in [("down", server.root), ("up", local.path)] {
      for (name, size) in Self.sizes {
        let bytes = content(size == 0 ? 0 : size + number % 3, seed: number &* 7 &+ name.count)
        let path = root.appending(folder).appending(FilePath(name).components)
        try FileTree.makeFolders(path.removingLastComponent())
        try FileTree.write(bytes, to: path)
        // Two contents of one file differ in their times, as they would if a person had made them.
        let time = timeval(tv_sec: 1_600_000_000 + number * 10, tv_usec: 0)
        var times = [time, time]
        guard utimes(path.string, &times) == 0 else { throw TestFailure("no time for \(path)") }
        new[folder + "/" + name] = bytes
      }
    }
  }

  private func target(_ name: String) -> FilePath {
    let root = name.hasPrefix("down") ? local.path : server.root
    return root.appending(FilePath(name).components)
  }

  // MARK: Checks

  /// What is done before the last process begins, with what it left at the target.
  private func snapshot(_ database: FerryDatabase) throws -> [JournalItem.ID: (JournalItem, ino_t?)] {
    var done: [JournalItem.ID: (JournalItem, ino_t?)] = [:]
    for item in try database.queue.page([.done], limit: 1_000) where item.entry.kind == .file {
      done[item.id] = (item, inode(item))
    }
    return done
  }

  private func inode(_ item: JournalItem) -> ino_t? {
    let path = String(decoding: item.entry.destination.path, as: UTF8.self)
    let isLocal = item.entry.destination.server == nil
    let place = isLocal || server.home != "/" ? FilePath(path) : server.root.appending(FilePath(path).components)
    return FileTree.facts(place)?.st_ino
  }

  private func violate(_ text: String) {
    violations += 1
    Issue.record("\(text); seed \(Sweep.seed)")
  }

  private func check(
    _ number: Int, _ work: KillRound.Work, _ before: [JournalItem.ID: (JournalItem, ino_t?)], _ database: FerryDatabase,
    _ ledger: FilePath
  ) throws {
    let context = "round \(number), \(work)"
    let lines = ((try? FileTree.text(ledger)) ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    func numbers(_ word: String) -> Set<Int64> {
      Set(lines.filter { $0.first.map(String.init) == word }.compactMap { Int64($0[1]) })
    }
    let all = try database.queue.page(Set(JournalItem.State.allCases), limit: 10_000)
    items += all.count
    for batch in numbers("batch") where !all.contains(where: { $0.batch == batch }) {
      if work != .edits { violate("an accepted batch is lost: \(context)") }
    }
    let places = all.map { "\($0.batch) \($0.entry.destination)" }
    if Set(places).count != places.count { violate("an item is there twice: \(context)") }
    let given = numbers("cancelling").union(numbers("removing"))
    let removed = numbers("removed")
    for item in all {
      switch item.state {
      case .done: break
      case .cancelled where given.contains(item.id): break
      default: violate("item \(item.id) is \(item.state) (\(item.detail ?? "")) in the end: \(context)")
      }
      if removed.contains(item.id), item.state != .cancelled {
        violate("the removed item \(item.id) came back as \(item.state): \(context)")
      }
    }
    for (id, (item, inode)) in before {
      guard let now = all.first(where: { $0.id == id }) else { continue }
      if now.state != .done || self.inode(now) != inode {
        violate("\(item.entry.destination) was done twice: \(context)")
      }
    }
    try checkFiles(all, context)
  }

  private func checkFiles(_ all: [JournalItem], _ context: String) throws {
    var done: Set<String> = []
    for item in all where item.state == .done && item.entry.kind == .file {
      done.insert(String(decoding: item.entry.destination.path, as: UTF8.self))
    }
    for (name, bytes) in new {
      let path = target(name)
      let found = try? FileTree.read(path)
      let isDone = done.contains { $0.hasSuffix("/" + name) }
      if found != bytes, isDone || found != old[name] {
        violate(
          "\(name) is neither the old nor the new file (\(found?.count ?? -1) bytes, done: \(isDone)): \(context)")
        // The next round begins with what should be there.
      }
      if found != bytes { new[name] = found ?? nil }
    }
    for root in [local.path.appending("down"), server.root.appending("up")] {
      for name in try parts(root) { violate("\(name) was left behind: \(context)") }
    }
  }

  private func parts(_ folder: FilePath) throws -> [String] {
    try FileTree.names(in: folder).flatMap { name in
      let path = folder.appending(name)
      let isFolder = FileTree.facts(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
      if isFolder { return try parts(path) }
      guard name.string.hasSuffix(".ferry.part") else { return [] }
      FileTree.remove(path)
      return [path.string]
    }
  }
}
