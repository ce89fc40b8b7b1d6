import FTP
import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// Processes that move are killed at any moment, and those that take up their work are, too. Each file is at one of its
/// two places, whole, and in the end all of them are moved, and known to be.
@Suite("Kills of moves", .serialized, .timeLimit(.minutes(60)))
struct MoveKillSweep {
  @Test("nothing that is moved is lost or said to have failed", arguments: [ServerSoftware.vsftpd, .proFTPD])
  func kills(_ software: ServerSoftware) async throws {
    let start = ContinuousClock.now
    let world = try await MoveWorld(software)
    for number in 0..<(Sweep.rounds("MOVES", sample: 16) / 2) { try await world.play(number) }
    Sweep.report(
      "kills of moves, \(software), seed \(Sweep.seed): \(world.kills) kills, \(world.items) items, "
        + "\(world.unfinished) of them unfinished after a kill, \(world.violations) violations; "
        + "\((ContinuousClock.now - start).components.seconds) s")
    #expect(world.violations == 0)
    await world.server.stop()
  }
}

private final class MoveWorld {
  let server: RealServer
  private(set) var kills = 0
  private(set) var items = 0
  /// What the recovery had to end.
  private(set) var unfinished = 0
  private(set) var violations = 0
  private let local: TemporaryFolder
  private let elsewhere: TemporaryFolder
  private let home: TemporaryFolder
  private var random: SeededRandom
  /// Microseconds in which a round usually ends.
  private var usual = 300_000

  private static let names = ["single"] + (0..<12).map { "tree/\($0)" } + (0..<6).map { "tree/sub/\($0)" }

  init(_ software: ServerSoftware) async throws {
    server = try await RealServer.start(software)
    local = try TemporaryFolder("moves")
    elsewhere = try TemporaryFolder("elsewhere", in: .memory(bytes: 4 << 20))
    home = try TemporaryFolder("home")
    random = SeededRandom(seed: Sweep.seed)
  }

  /// Where each file comes from, and goes to.
  private var routes: [(from: FilePath, to: FilePath)] {
    [
      (local.appending("left"), local.appending("right")), (local.appending("across"), elsewhere.path),
      (server.root.appending("left"), server.root.appending("right")),
    ]
  }

  func play(_ number: Int) async throws {
    try prepare(number)
    try await server.adopt()
    var round = KillRound(
      work: .moves, home: home.path.string, port: server.port, password: server.password,
      remote: server.home == "/" ? "" : server.home, local: local.path.string, elsewhere: elsewhere.path.string,
      ledger: local.appending("ledger").string, killAfter: nil, seed: Sweep.seed &+ UInt64(number))
    for work in [KillRound.Work.moves] + Array(repeating: .recovery, count: number % 3) {
      round.work = work
      round.killAfter = Int.random(in: 0..<usual, using: &random)
      kills += 1
      await KillProcess.expectEnd(round)
      expectWhole(number)
    }
    let database = FerryDatabase(Home(folder: home.path))
    let open = Set(JournalItem.State.allCases).subtracting([.done])
    unfinished += try database.queue.page(open, limit: 1_000).count
    round.work = .recovery
    round.killAfter = nil
    let start = ContinuousClock.now
    await KillProcess.expectEnd(round)
    usual = max(200_000, min(1_000_000, Int((ContinuousClock.now - start) / .microseconds(1))))
    try checkEnd(number, database)
    try database.queue.clear(Set(JournalItem.State.allCases))
  }

  private func prepare(_ number: Int) throws {
    for route in routes {
      for folder in [route.from, route.to] {
        try FileTree.makeFolders(folder)
        for name in try FileTree.names(in: folder) { FileTree.remove(folder.appending(name)) }
      }
      for name in Self.names { try write(bytes(name, number), route.from, name) }
      // Every other time there is such a tree already: then what is in it is moved item by item.
      if number % 2 == 1 { try write(Array("old".utf8), route.to, "tree/sub/old") }
    }
  }

  private func write(_ bytes: [UInt8], _ folder: FilePath, _ name: String) throws {
    let path = folder.appending(FilePath(name).components)
    try FileTree.makeFolders(path.removingLastComponent())
    try FileTree.write(bytes, to: path)
  }

  private func bytes(_ name: String, _ number: Int) -> [UInt8] {
    content(
      name == "single" ? 300_000 : 2_000 + name.count,
      seed: number &* 7 &+ name.utf8.reduce(0) { $0 &* 3 &+ Int($1) } & 0xFFFF)
  }

  private func found(_ folder: FilePath, _ name: String) -> [UInt8]? {
    try? FileTree.read(folder.appending(FilePath(name).components))
  }

  private func violate(_ text: String) {
    violations += 1
    Issue.record("\(text); seed \(Sweep.seed)")
  }

  private func expectWhole(_ number: Int) {
    for route in routes {
      for name in Self.names {
        let whole = bytes(name, number)
        let (old, new) = (found(route.from, name), found(route.to, name))
        if new != nil, new != whole { violate("\(name) is not whole in \(route.to): round \(number)") }
        if old != whole, new != whole { violate("\(name) is lost on its way to \(route.to): round \(number)") }
      }
    }
  }

  private func checkEnd(_ number: Int, _ database: FerryDatabase) throws {
    let all = try database.queue.page(Set(JournalItem.State.allCases), limit: 10_000)
    items += all.count
    for item in all where item.state != .done {
      violate("item \(item.id) is \(item.state) (\(item.detail ?? "")) in the end: round \(number)")
    }
    let places = all.map { "\($0.batch) \($0.entry.destination)" }
    if Set(places).count != places.count { violate("an item is there twice: round \(number)") }
    expectWhole(number)
    for route in routes {
      // A process that was killed before it had accepted something leaves that where it was.
      let isRemote = route.from == server.root.appending("left")
      let roots = all.filter { $0.entry.parent == nil && ($0.entry.source.server != nil) == isRemote }
      let names = ["single", "tree"].filter { name in
        roots.contains { $0.entry.source.path.ends(with: (route.from.lastComponent!.string + "/" + name).utf8) }
      }
      for name in names where FileTree.exists(route.from.appending(name)) {
        violate("\(name) is still in \(route.from): round \(number)")
      }
      if number % 2 == 1, found(route.to, "tree/sub/old") != Array("old".utf8) {
        violate("what was there before is gone from \(route.to): round \(number)")
      }
      for name in try parts(route.to) { violate("\(name) was left behind: round \(number)") }
    }
  }

  private func parts(_ folder: FilePath) throws -> [String] {
    try FileTree.names(in: folder).flatMap { name in
      let path = folder.appending(name)
      if FileTree.facts(path).map({ $0.st_mode & S_IFMT == S_IFDIR }) ?? false { return try parts(path) }
      return name.string.hasSuffix(".ferry.part") ? [path.string] : []
    }
  }
}

extension Array where Element == UInt8 {
  fileprivate func ends(with other: some Sequence<UInt8>) -> Bool {
    let other = Array(other)
    return count >= other.count && Array(suffix(other.count)) == other
  }
}
