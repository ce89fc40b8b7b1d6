import FTP
import FTPSClient
import FTPSServer
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing
import Transfers

@Suite("The queue between two servers", .timeLimit(.minutes(2)))
struct RemoteToRemoteTests {
  private func makeTree(_ folder: TemporaryFolder) throws {
    try folder.write(content(9_000_000), to: "tree/large.bin")
    try folder.write("", to: "tree/empty")
    try folder.makeFolder("tree/empty folder")
    try folder.write("Grüße", to: "tree/ordner/Übergröße 漢字 🛶.txt")
    for number in 0..<20 { try folder.write(content(1_000 * number, seed: number), to: "tree/small/\(number)") }
    var times = [timeval(tv_sec: 1_500_000_000, tv_usec: 0), timeval(tv_sec: 1_500_000_000, tv_usec: 0)]
    #expect(utimes(folder.appending("tree/empty").string, &times) == 0)
  }

  @Test("a tree goes over, every byte, with its times, and nothing else is left", arguments: [false, true])
  func tree(_ verify: Bool) async throws {
    try await QueueWorld.with { one in
      try await QueueWorld.with { other in
        try makeTree(one.remote)
        let states = try await one.run([.init("tree")], from: one.there(), to: other.there(), verify: verify)
        #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
        if verify {
          guard case .done(.hash(_, _, 9_000_000)) = states["/tree/large.bin"] else {
            Issue.record("\(states["/tree/large.bin"] as Any)")
            return
          }
        }
        let expected = try await TreeDigest(of: one.remote.appending("tree"))
        #expect(try await TreeDigest(of: other.remote.appending("tree")).differences(from: expected) == [])
        let facts = try #require(FileTree.facts(other.remote.appending("tree/empty")))
        #expect(facts.st_mtim.tv_sec == 1_500_000_000)
        #expect(try one.local.names() == [])
      }
    }
  }

  @Test("within one server more jobs than sessions do not wait for one another", .timeLimit(.minutes(1)))
  func withinOneServer() async throws {
    try await QueueWorld.with(jobs: 4) { world in
      try makeTree(world.remote)
      try world.remote.makeFolder("copies")
      let states = try await world.run([.init("tree")], from: world.there(), to: world.there("/copies"))
      #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
      let expected = try await TreeDigest(of: world.remote.appending("tree"))
      #expect(try await TreeDigest(of: world.remote.appending("copies/tree")).differences(from: expected) == [])
    }
  }

  @Test("a server that allows one session does not do it, and does everything else")
  func onlyOneSession() async throws {
    let oneSession = { (configuration: inout ServerConfiguration) in configuration.limits.connectionsPerAddress = 1 }
    try await QueueWorld.with(jobs: 2, oneSession) { world in
      for name in ["a", "b", "c"] { try world.remote.write(name, to: name) }
      try world.remote.makeFolder("copies")
      let copies = try await world.queue.run(
        TransferRequest(
          from: world.there(), [.init("a", kind: .file), .init("b", kind: .file)], to: world.there("/copies")))
      let download = try await world.run([.init("c", kind: .file)], from: world.there(), to: world.here())
      #expect(download["/c"]?.isDone == true, "\(download)")
      for (_, state) in await world.results(copies) {
        #expect(state.reason?.contains("needs two sessions") == true, "\(state)")
      }
    }
  }

  @Test("a server that does not answer holds nobody up who does not need it", arguments: [false, true])
  func deadServer(_ comesFirst: Bool) async throws {
    try await QueueWorld.with(jobs: 2, timeouts: .patient) { world in
      let start = ContinuousClock.now
      let silence = try Silence()
      let dead = ServerAddress(host: "127.0.0.1", port: silence.port, user: comesFirst ? "aaa" : "zzz")
      try world.remote.write("a", to: "a")
      try world.remote.write("b", to: "b")
      try world.remote.makeFolder("copies")
      let (from, to) = (Location.remote(dead, .root), try world.there())
      let request =
        comesFirst
        ? TransferRequest(from: from, [.init("x", kind: .file, size: 1)], to: to)
        : TransferRequest(from: to, [.init("a", kind: .file, size: 1)], to: from)
      _ = try await world.queue.enqueue(request)
      #expect(try await eventually { silence.hasCaller })
      let states = try await world.run([.init("b", kind: .file)], from: world.there(), to: world.there("/copies"))
      #expect(states["/b"]?.isDone == true, "\(states)")
      #expect(await world.queue.rows(.running, from: 0, count: 2).count == 1)
      // Long before the other one was given up.
      #expect(ContinuousClock.now - start < .seconds(30))
    }
  }

  @Test("small files go in packets, into another server and within one", arguments: [false, true])
  func packets(_ withinOne: Bool) async throws {
    try await QueueWorld.with { one in
      try await QueueWorld.with { other in
        for number in 0..<80 { try one.remote.write(content(number * 50, seed: number), to: "tree/\(number)") }
        try one.remote.makeFolder("copies")
        let target = try withinOne ? one.there("/copies") : other.there()
        let there = withinOne ? one.remote.appending("copies/tree") : other.remote.appending("tree")
        let states = try await one.run([.init("tree")], from: one.there(), to: target)
        #expect(states.values.allSatisfy { $0.isDone } && states.count == 81, "\(states)")
        #expect(states["/tree/7"] == .done(.length(350)))
        let expected = try await TreeDigest(of: one.remote.appending("tree"))
        #expect(try await TreeDigest(of: there).differences(from: expected) == [])
        // A file by itself is looked at once more, in case it was changed meanwhile.
        #expect(one.commands.count("MLST") < 20, "\(one.commands.all)")
        #expect(one.commands.count("RETR") == 80)
        let stores = withinOne ? one.commands.count("STOR") : other.commands.count("STOR")
        #expect(stores == 80)
      }
    }
  }

  @Test("of a packet, what is not as it was listed fails or comes as it is, and the rest comes all the same")
  func brokenPacket() async throws {
    try await QueueWorld.with(jobs: 1) { one in
      try await QueueWorld.with { other in
        for number in 0..<20 { try one.remote.write(content(100, seed: number), to: "tree/\(number)") }
        one.commands.before { line, earlier in
          guard line.hasPrefix("RETR"), earlier == 0 else { return }
          // Between the list and the packet.
          _ = try? one.remote.write(content(333, seed: 99), to: "tree/7")
          FileTree.remove(one.remote.appending("tree/8"))
        }
        let states = try await one.run([.init("tree")], from: one.there(), to: other.there())
        for (path, state) in states where path != "/tree/8" { #expect(state.isDone, "\(path): \(state)") }
        #expect(states["/tree/8"]?.reason != nil, "\(states)")
        #expect(try FileTree.read(other.remote.appending("tree/7")) == content(333, seed: 99))
        #expect(!FileTree.exists(other.remote.appending("tree/8")))
      }
    }
  }

  /// Counts what it lets pass.
  private final class Counter: Pacer {
    private let count = Atomic(0)
    var bytes: Int { count.load(ordering: .relaxed) }
    let grain = 64 << 10
    func pass(_ bytes: Int) async throws { count.add(bytes, ordering: .relaxed) }
  }

  @Test("a limit on speed counts each byte once, though it comes and goes")
  func limit() async throws {
    let counter = Counter()
    try await QueueWorld.with(pacer: counter) { one in
      try await QueueWorld.with { other in
        try one.remote.write(content(3_000_000), to: "tree/large")
        for number in 0..<10 { try one.remote.write(content(10_000, seed: number), to: "tree/\(number)") }
        let states = try await one.run([.init("tree")], from: one.there(), to: other.there())
        #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
        #expect(counter.bytes == 3_100_000)
      }
    }
  }

  @Test("what is moved is over there, and not here any more")
  func move() async throws {
    try await QueueWorld.with { one in
      try await QueueWorld.with { other in
        try makeTree(one.remote)
        let expected = try await TreeDigest(of: one.remote.appending("tree"))
        let states = try await one.run([.init("tree")], from: one.there(), to: other.there(), .move)
        #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
        #expect(try await TreeDigest(of: other.remote.appending("tree")).differences(from: expected) == [])
        #expect(try FileTree.names(in: one.remote.path).isEmpty)
      }
    }
  }

  @Test("nothing is brought to where it is, and lost by that")
  func ontoItself() async throws {
    try await QueueWorld.with { world in
      try world.remote.write("precious", to: "a")
      let states = try await world.run(
        [.init("a", kind: .file)], from: world.there(), to: world.there(), .move, onConflict: .overwrite)
      #expect(states["/a"]?.reason?.contains("where it is already") == true, "\(states)")
      #expect(try FileTree.text(world.remote.appending("a")) == "precious")
    }
  }

  @Test("existing targets are asked about, with both sides' facts")
  func conflict() async throws {
    try await QueueWorld.with { one in
      try await QueueWorld.with { other in
        try one.remote.write("longer", to: "a")
        try other.remote.write("old", to: "a")
        let events = try await one.queue.run(
          TransferRequest(from: one.there(), [.init("a", kind: .file, size: 6)], to: other.there()))
        for await event in events {
          switch event {
          case .needsYou(let row):
            guard case .conflict(let conflict) = row.state.question else {
              Issue.record("\(row.state)")
              return
            }
            #expect(conflict.source.size == 6 && conflict.target.size == 3)
            await one.queue.answer(row.id, .overwrite)
          case .finished(let row): #expect(row.state == .done(.length(6)))
          default: break
          }
        }
        #expect(try FileTree.text(other.remote.appending("a")) == "longer")
      }
    }
  }

  @Test("stopped in the middle, it goes on where the file ended, with its end compared first")
  func pauseAndResume() async throws {
    try await QueueWorld.with(jobs: 1) { one in
      try await QueueWorld.with { other in
        let size = 60_000_000
        try one.remote.write(content(size), to: "a")
        _ = try await one.queue.enqueue(TransferRequest(from: one.there(), [.init("a")], to: other.there()))
        let item = try #require(await one.queue.rows(.running, from: 0, count: 1).first?.id)
        #expect(try await eventually { await one.queue.row(item).map { $0.bytes > 8 << 20 } ?? false })
        await one.queue.pause([item])
        #expect(try await eventually { await !one.queue.isBusy })
        let parts = try FileTree.names(in: other.remote.path).map(\.string)
        #expect(parts.count == 1 && parts[0].hasSuffix(".ferry.part"))
        await one.queue.resume([item])
        #expect(try await eventually(within: .seconds(30)) { await one.queue.row(item)?.state.isDone ?? false })
        #expect(try FileTree.read(other.remote.appending("a")) == content(size))
        #expect(try FileTree.names(in: other.remote.path).map(\.string) == ["a"])
        // The source is asked for the overlap, for both sides of the seam, and for the rest.
        #expect(one.commands.all.filter { $0.hasPrefix("REST") }.count == 3, "\(one.commands.all)")
        #expect(other.commands.count("REST") == 3, "\(other.commands.all)")
      }
    }
  }

  @Test("what has changed at the source meanwhile is begun again")
  func sourceChanged() async throws {
    try await QueueWorld.with(jobs: 1) { one in
      try await QueueWorld.with { other in
        try one.remote.write(content(60_000_000), to: "a")
        _ = try await one.queue.enqueue(TransferRequest(from: one.there(), [.init("a")], to: other.there()))
        let item = try #require(await one.queue.rows(.running, from: 0, count: 1).first?.id)
        #expect(try await eventually { await one.queue.row(item).map { $0.bytes > 8 << 20 } ?? false })
        await one.queue.pause([item])
        #expect(try await eventually { await !one.queue.isBusy })
        try one.remote.write(content(50_000_000, seed: 9), to: "a")
        await one.queue.resume([item])
        #expect(try await eventually(within: .seconds(30)) { await one.queue.row(item)?.state.isDone ?? false })
        #expect(try FileTree.read(other.remote.appending("a")) == content(50_000_000, seed: 9))
      }
    }
  }
}

/// A port that takes connections and says nothing.
private final class Silence: Sendable {
  let port: Int
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bound in
        bind(descriptor, bound, length) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, bound, &length) == 0
      }
    }
    guard status else { throw TestFailure("no port to be silent on") }
    self.descriptor = descriptor
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }

  /// Whether somebody waits for a word.
  var hasCaller: Bool {
    var look = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&look, 1, 0) == 1
  }
}
