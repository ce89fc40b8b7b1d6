import FTP
import Glibc
import NIOCore
import SystemPackage
import TestSupport
import Testing

@testable import FTPSServer

/// Whatever a client says is answered, and does no harm.
@Suite("Random commands", .timeLimit(.minutes(1)))
struct RandomCommandTests {
  /// Random numbers that are the same for the same seed.
  struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
  }

  private static let verbs = [
    "USER", "PASS", "ACCT", "CWD", "CDUP", "XCUP", "PWD", "MKD", "RMD", "DELE", "RNFR", "RNTO", "TYPE", "MODE", "STRU",
    "ALLO", "STAT", "EPSV", "PASV", "PORT", "EPRT", "REST", "ABOR", "SIZE", "MDTM", "MFMT", "MLST", "MLSD", "LIST",
    "NLST", "RETR", "STOR", "APPE", "STOU", "HASH", "OPTS", "FEAT", "HELP", "SYST", "NOOP", "CLNT", "SITE", "AVBL",
    "PBSZ",
    "PROT", "AUTH", "CCC", "CDC", "REIN", "SMNT", "LANG", "HOST", "MFCT", "MFF", "XSHA256", "COMB", "\u{0}", "", "é",
  ]
  private static let words = [
    "/", "..", "../..", "/../../etc/passwd", "file", "folder", "folder/../../x", "-la", "|1|127.0.0.1|1|",
    "1,2,3,4,5,6",
    "20241119100233", "99999999999999999999", "-1", "0", "P", "C", "TLS", "I", "A", "UTF8 ON", "MLST size;modify;",
    "HASH SHA-1", "HASH ROT13", "UTIME 20241119100233 file", "link/x", "a\"b", "\u{1B}[31m", "%s%n%x", " ", "  file  ",
    "\u{FF}\u{FE}", String(repeating: "a/", count: 300), String(repeating: "x", count: 300),
  ]

  private static func line(_ random: inout Seeded) -> [UInt8] {
    var line = Array(verbs.randomElement(using: &random)!.utf8)
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      line += [0x20] + Array(words.randomElement(using: &random)!.utf8)
    }
    // Some are spoilt at one place.
    if Int.random(in: 0..<6, using: &random) == 0, !line.isEmpty {
      line[Int.random(in: 0..<line.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    return line.filter { $0 != 0x0A && $0 != 0x0D }
  }

  @Test("every line gets a reply, and nothing outside the folder is touched", arguments: 1...4)
  func dialogue(seed: UInt64) async throws {
    try await TestServer.changed {
      // A transfer without a data connection ends soon.
      $0.limits.handshake = .milliseconds(20)
      $0.limits.connections = 1000
    }.with { server in
      try server.write(Array("content".utf8), to: "file")
      let outside = try server.folder.write("secret", to: "outside")
      try server.folder.makeFolder("root/folder")
      guard symlink("..", server.root.appending("link").string) == 0 else { throw TestFailure("no link") }
      try await blocking {
        var random = Seeded(state: seed)
        var client = try RawClient.loggedIn(server.port)
        for _ in 0..<250 {
          let line = Self.line(&random)
          if line.starts(with: Array("QUIT".utf8)) { continue }
          try client.control.send(line + [0x0D, 0x0A])
          var reply = try client.reply()
          // The first of two replies.
          if reply.hasPrefix("1") { reply = try client.reply() }
          let code = Int(reply.prefix(3)) ?? 0
          #expect((200...559).contains(code), "\(line): \(reply)")
          #expect(!reply.contains("secret") && !reply.contains("root:"))
          if code == 421 { client = try RawClient.loggedIn(server.port) }
        }
        try client.say("NOOP", "200")
      }
      #expect(try FileTree.text(outside) == "secret")
      #expect(try FileTree.names(in: server.folder.path).map(\.string).sorted() == ["outside", "root"])
    }
  }

  @Test("lines come whole however the bytes are cut, and no bytes are a crash", arguments: 1...50)
  func lines(seed: UInt64) throws {
    var random = Seeded(state: seed)
    var lines: [[UInt8]] = []
    for _ in 0..<20 { lines.append(Self.line(&random)) }
    var rest: ArraySlice<UInt8> = lines.reduce(into: [UInt8]()) { $0 += $1 + [0x0D, 0x0A] }[...]
    var splitter = LineSplitter()
    var found: [[UInt8]] = []
    while !rest.isEmpty {
      let count = Int.random(in: 1...min(rest.count, 40), using: &random)
      splitter.append(ByteBuffer(bytes: rest.prefix(count)))
      rest = rest.dropFirst(count)
      while let line = try splitter.next() { found.append(line) }
    }
    #expect(found == lines && splitter.isEmpty)
    for line in found {
      guard let request = Request(line) else { continue }
      #expect(request.verb.utf8.allSatisfy { (0x41...0x5A).contains($0) })
      #expect(!request.logged.utf8.contains { $0 < 0x20 || $0 == 0x7F })
      _ = request.words
    }
  }
}
