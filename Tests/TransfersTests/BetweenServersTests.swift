import FTP
import FTPSClient
import Glibc
import SystemPackage
import TestSupport
import Testing
import Transfers

/// Files that two real servers exchange between themselves, or do not.
@Suite("The queue lets servers exchange files", .serialized, .timeLimit(.minutes(3)))
struct BetweenServersTests {
  typealias Server = (ServerSoftware, ServerOptions)

  private static func open(_ software: ServerSoftware, _ number: Int, _ extra: [String] = []) -> Server {
    var options = ServerOptions.betweenServers(software, at: number)
    options.extra += extra
    return (software, options)
  }

  private static func strict(_ software: ServerSoftware, _ number: Int) -> Server {
    var options = ServerOptions()
    options.host = "127.0.0.\(number)"
    return (software, options)
  }

  /// Slow enough to be met in the middle of a file.
  private static let slowly = ["TransferRate RETR 16384"]

  private func entry(_ name: String, _ size: Int? = nil) throws -> TransferRequest.Entry {
    TransferRequest.Entry(try FileName(name), kind: size == nil ? .unknown : .file, size: size.map(Int64.init))
  }

  private func part(in server: RealServer) throws -> FilePath? {
    try FileTree.names(in: server.root).first { $0.string.hasSuffix(".part") }.map { server.root.appending($0) }
  }

  private func waitForPart(in server: RealServer, of bytes: Int) async throws {
    let isThere = try await eventually {
      try part(in: server).flatMap(FileTree.facts).map { $0.st_size > bytes } ?? false
    }
    #expect(isThere)
  }

  @Test(
    "files go directly, with their times, and this side opens no data connection",
    arguments: [ServerSoftware.proFTPD, .vsftpd])
  func directly(_ source: ServerSoftware) async throws {
    try await RealPair.with(Self.open(source, 2), Self.open(.proFTPD, 3)) { pair, queue in
      let contents = ["a.bin": TreeFixture.bytes(5_000_000, seed: 1), "empty": [], "Grüße 漢字": Array("Grüße".utf8)]
      for (name, content) in contents { try FileTree.write(content, to: pair.one.root.appending(name)) }
      var times = [timeval(tv_sec: 1_500_000_000, tv_usec: 0), timeval(tv_sec: 1_500_000_000, tv_usec: 0)]
      #expect(utimes(pair.one.root.appending("a.bin").string, &times) == 0)
      try await pair.one.adopt()
      let rows = try await pair.run(try contents.keys.map { try entry($0) }, in: queue)
      for (name, content) in contents {
        #expect(rows[name]?.state == .done(.length(Int64(content.count))), "\(rows)")
        #expect(rows[name]?.way == .betweenServers)
        #expect(try FileTree.read(pair.other.root.appending(name)) == content)
      }
      #expect(pair.dataConnections == 0)
      #expect(FileTree.facts(pair.other.root.appending("a.bin"))?.st_mtim.tv_sec == 1_500_000_000)
      #expect(try FileTree.names(in: pair.other.root).count == contents.count)

      // A move takes the source away; a file that is there already is asked about as ever.
      let kept = try await pair.run([try entry("a.bin")], in: queue, .move, onConflict: .skip)
      guard case .skipped = kept["a.bin"]?.state else {
        Issue.record("\(kept)")
        return
      }
      #expect(FileTree.exists(pair.one.root.appending("a.bin")))
      let moved = try await pair.run([try entry("a.bin")], in: queue, .move)
      #expect(moved["a.bin"]?.state == .done(.length(5_000_000)) && moved["a.bin"]?.way == .betweenServers)
      #expect(!FileTree.exists(pair.one.root.appending("a.bin")))
      #expect(try FileTree.read(pair.other.root.appending("a.bin")) == contents["a.bin"])
    }
  }

  @Test("a target that can only be the TLS server gets whole files in any case")
  func toVsftpd() async throws {
    try await RealPair.with(Self.open(.proFTPD, 2), Self.open(.vsftpd, 3)) { pair, queue in
      let content = TreeFixture.bytes(8_000_000, seed: 1)
      for number in 0..<3 { try FileTree.write(content, to: pair.one.root.appending("\(number)")) }
      try await pair.one.adopt()
      let rows = try await pair.run(try (0..<3).map { try entry("\($0)") }, in: queue)
      for number in 0..<3 {
        #expect(rows["\(number)"]?.state == .done(.length(8_000_000)), "\(rows)")
        #expect(try FileTree.read(pair.other.root.appending("\(number)")) == content)
      }
      #expect(try FileTree.names(in: pair.other.root).count == 3)
    }
  }

  @Test("where a server refuses, the file comes through here, it is said why, and it is not tried again")
  func refused() async throws {
    for one in [Self.strict(.vsftpd, 2), Self.strict(.proFTPD, 2)] {
      try await RealPair.with(one, Self.open(.proFTPD, 3)) { pair, queue in
        let content = TreeFixture.bytes(300_000, seed: 1)
        for name in ["a", "b"] { try FileTree.write(content, to: pair.one.root.appending(name)) }
        try await pair.one.adopt()
        var tries = 0
        for name in ["a", "b"] {
          let rows = try await pair.run([try entry(name)], in: queue)
          #expect(rows[name]?.state == .done(.length(300_000)), "\(rows)")
          guard case .throughHere(let reason) = rows[name]?.way else {
            Issue.record("\(rows)")
            return
          }
          #expect(reason.contains("127.0.0."), "\(reason)")
          #expect(try FileTree.read(pair.other.root.appending(name)) == content)
          if name == "a" {
            tries = pair.transcript.count("SSCN ON")
          } else {
            #expect(pair.transcript.count("SSCN ON") == tries)
          }
        }
        #expect(tries > 0)
        #expect(pair.transcript.lines.contains { $0.kind == .status && $0.text.contains("do not exchange") })
      }
    }
  }

  @Test("nothing of it happens where nobody has allowed it, or where neither can be the TLS client")
  func notAllowed() async throws {
    try await RealPair.with(Self.open(.proFTPD, 2), Self.open(.proFTPD, 3), allows: false) { pair, queue in
      try FileTree.write([1], to: pair.one.root.appending("a"))
      try await pair.one.adopt()
      let rows = try await pair.run([try entry("a")], in: queue)
      #expect(rows["a"]?.state == .done(.length(1)) && rows["a"]?.way == nil)
      #expect(pair.transcript.count("SSCN") == 0 && pair.transcript.count("EPRT") == 0)
    }
    try await RealPair.with(Self.open(.vsftpd, 2), Self.open(.vsftpd, 3)) { pair, queue in
      try FileTree.write([1], to: pair.one.root.appending("a"))
      try await pair.one.adopt()
      let rows = try await pair.run([try entry("a")], in: queue)
      #expect(rows["a"]?.state == .done(.length(1)))
      #expect(
        rows["a"]?.way
          == .throughHere(
            "The servers do not exchange files directly, because neither of them offers SSCN or CPSV."))
      #expect(pair.transcript.count("EPRT") == 0 && pair.transcript.count("PORT") == 0)
    }
  }

  @Test("a file that is not there fails as that, and the way stays open for others")
  func missing() async throws {
    try await RealPair.with(Self.open(.proFTPD, 2), Self.open(.proFTPD, 3)) { pair, queue in
      try FileTree.write([1, 2], to: pair.one.root.appending("a"))
      try FileTree.write([1, 2], to: pair.one.root.appending("secret"))
      try await pair.one.adopt()
      #expect(chmod(pair.one.root.appending("secret").string, 0) == 0)
      if geteuid() == 0 { #expect(chown(pair.one.root.appending("secret").string, 0, 0) == 0) }
      let rows = try await pair.run([try entry("secret", 2), try entry("gone", 2)], in: queue)
      for name in ["secret", "gone"] {
        guard case .failed(let failure) = rows[name]?.state else {
          Issue.record("\(rows)")
          return
        }
        #expect(failure.reason.contains("550") || failure.reason.contains("not there"), "\(failure)")
      }
      let good = try await pair.run([try entry("a")], in: queue)
      #expect(good["a"]?.way == .betweenServers, "\(good)")
      for name in ["secret", "gone"] { #expect(!FileTree.exists(pair.other.root.appending(name))) }
    }
  }

  /// Has a large file begun to go from one server to the other.
  private func begin(_ pair: RealPair, _ queue: TransferQueue) async throws -> (content: [UInt8], item: TransferItem.ID)
  {
    let content = TreeFixture.bytes(40_000_000, seed: 1)
    try FileTree.write(content, to: pair.one.root.appending("a"))
    try await pair.one.adopt()
    _ = try await queue.enqueue(
      TransferRequest(from: try pair.place(pair.one), [try entry("a")], to: try pair.place(pair.other)))
    return (content, try #require(await queue.rows(.running, from: 0, count: 1).first?.id))
  }

  @Test("stopped in the middle, it goes on where the file ended, with its end compared first")
  func pauseAndResume() async throws {
    try await RealPair.with(Self.open(.proFTPD, 2, Self.slowly), Self.open(.proFTPD, 3)) { pair, queue in
      let (content, item) = try await begin(pair, queue)
      try await waitForPart(in: pair.other, of: 8 << 20)
      await queue.pause([item])
      #expect(try await eventually { await !queue.isBusy })
      #expect(!FileTree.exists(pair.other.root.appending("a")))
      await queue.resume([item])
      #expect(try await eventually(within: .seconds(30)) { await queue.row(item)?.state == .done(.length(40_000_000)) })
      #expect(await queue.row(item)?.way == .betweenServers)
      #expect(try FileTree.read(pair.other.root.appending("a")) == content)
      // Both began behind what was there; the overlap was read by this side.
      let rests = pair.transcript.lines.filter { $0.kind == .command && $0.text.hasPrefix("REST ") }.map(\.text)
      #expect(Set(rests).contains { rest in rests.count { $0 == rest } == 2 }, "\(rests)")
    }
  }

  @Test("a server that ends in the middle leaves no final name")
  func killed() async throws {
    try await RealPair.with(Self.open(.proFTPD, 2, Self.slowly), Self.open(.proFTPD, 3)) { pair, queue in
      try FileTree.write(TreeFixture.bytes(40_000_000, seed: 1), to: pair.one.root.appending("a"))
      try await pair.one.adopt()
      async let rows = pair.run([try entry("a")], in: queue)
      try await waitForPart(in: pair.other, of: 4 << 20)
      #expect(kill(-pair.one.pid, SIGKILL) == 0)
      let row = try await rows["a"]
      guard case .failed = row?.state else {
        Issue.record("\(row as Any)")
        return
      }
      #expect(!FileTree.exists(pair.other.root.appending("a")))
    }
  }

  @Test("servers between which nothing moves any more are stopped, and the file comes whole later")
  func stalled() async throws {
    let one = Self.open(.proFTPD, 2, Self.slowly)
    try await RealPair.with(one, Self.open(.proFTPD, 3), stall: .seconds(2)) { pair, queue in
      let (content, item) = try await begin(pair, queue)
      // What grows over there shows in the row.
      #expect(try await eventually { await queue.row(item).map { $0.bytes > 1 << 20 } ?? false })
      #expect(kill(-pair.one.pid, SIGSTOP) == 0)
      #expect(try await eventually { pair.transcript.count("ABOR") > 0 })
      #expect(kill(-pair.one.pid, SIGCONT) == 0)
      #expect(try await eventually(within: .seconds(40)) { await queue.row(item)?.state == .done(.length(40_000_000)) })
      #expect(try FileTree.read(pair.other.root.appending("a")) == content)
      #expect(try FileTree.names(in: pair.other.root).map(\.string) == ["a"])
    }
  }

  @Test("the content is proved by both servers' digests, and where they have none, by reading it here")
  func verified() async throws {
    let digests = ["LoadModule mod_digest.c", "DigestEngine on"]
    try await RealPair.with(Self.open(.proFTPD, 2, digests), Self.open(.proFTPD, 3, digests)) { pair, queue in
      try FileTree.write(TreeFixture.bytes(500_000, seed: 1), to: pair.one.root.appending("a"))
      try await pair.one.adopt()
      let rows = try await pair.run([try entry("a")], in: queue, verify: true)
      guard case .done(.hash(let algorithm, _, 500_000)) = rows["a"]?.state else {
        Issue.record("\(rows)")
        return
      }
      #expect(algorithm != .crc32 && rows["a"]?.way == .betweenServers)
      #expect(pair.dataConnections == 0)
    }
    try await RealPair.with(Self.open(.proFTPD, 2), Self.open(.proFTPD, 3, digests)) { pair, queue in
      try FileTree.write(TreeFixture.bytes(500_000, seed: 1), to: pair.one.root.appending("a"))
      try await pair.one.adopt()
      let rows = try await pair.run([try entry("a")], in: queue, verify: true)
      guard case .done = rows["a"]?.state, case .throughHere(let reason) = rows["a"]?.way else {
        Issue.record("\(rows)")
        return
      }
      #expect(reason.contains("no digest in common"), "\(reason)")
    }
  }
}
