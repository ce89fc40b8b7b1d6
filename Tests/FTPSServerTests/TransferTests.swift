import FTPSServer
import Glibc
import NIOCore
import SystemPackage
import TLS
import TestSupport
import Testing

/// Transfers in the ways that go wrong, and those that must not.
@Suite("Transfers of the server", .timeLimit(.minutes(2)))
struct TransferTests {
  @Test("an upload that ends without close_notify is not reported complete", arguments: [TLSVersion.tls12, .tls13])
  func cutUpload(version: TLSVersion) async throws {
    try await TestServer.with { server in
      try await blocking {
        let client = try RawClient.loggedIn(server.port, maximum: version)
        let data = try client.startData("STOR file")
        try data.send(TestServer.content(10_000))
        data.endOutput()
        try client.expect("426")
        let whole = try client.startData("STOR file")
        try whole.send(TestServer.content(10_000))
        try whole.sayCloseNotify()
        #expect(try whole.readAll().isEmpty)
        try client.expect("226")
      }
      #expect(try server.read("file") == TestServer.content(10_000))
      #expect(server.events.count { if case .received = $0 { true } else { false } } == 1)
    }
  }

  @Test("an aborted download ends without close_notify, and the session goes on")
  func abort() async throws {
    try await TestServer.with { server in
      try server.write(TestServer.content(8 << 20), to: "large")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let data = try client.startData("RETR large")
        _ = try data.readAll(limit: 100_000)
        try client.say("ABOR", "426")
        try client.expect("226")
        #expect(throws: TLSError.truncated) { _ = try data.readAll() }
        #expect(try client.receive("RETR large").count == 8 << 20)
      }
    }
  }

  @Test("a download that is aborted before its end was seen is not called complete")
  func abortAtTheEnd() async throws {
    try await TestServer.changed { $0.limits.closing = .seconds(60) }.with { server in
      try server.write(TestServer.content(1000), to: "small")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let data = try client.startData("RETR small")
        // All of it is here, and our end of the connection stays open.
        #expect(try data.readAll(limit: 1000).count == 1000)
        try client.say("ABOR", "426")
        try client.expect("226")
        _ = data
      }
    }
  }

  @Test("an upload whose data connection never comes leaves nothing, and removes nothing of another client")
  func uploadWithoutData() async throws {
    try await TestServer.changed { $0.limits.handshake = .seconds(60) }.with { server in
      try await blocking {
        let slow = try RawClient.loggedIn(server.port)
        _ = try slow.dataPort()
        try slow.say("STOR new", "150")
        #expect(try server.read("new") == nil)
        let quick = try RawClient.loggedIn(server.port)
        let data = try quick.startData("STOR new")
        try data.send(Array("whole".utf8))
        try data.sayCloseNotify()
        #expect(try data.readAll().isEmpty)
        try quick.expect("226")
        try slow.say("ABOR", "4")
        try slow.expect("226")
      }
      #expect(try server.read("new") == Array("whole".utf8))
    }
  }

  @Test("what two clients append to one file is all in it, whether it was there or not", arguments: [true, false])
  func appending(_ isThere: Bool) async throws {
    try await TestServer.with { server in
      if isThere { try server.write(Array("start ".utf8), to: "log") }
      try await blocking {
        let (slow, quick) = (try RawClient.loggedIn(server.port), try RawClient.loggedIn(server.port))
        let long = try slow.startData("APPE log")
        let short = try quick.startData("APPE log")
        try short.send(Array("quick ".utf8))
        try short.sayCloseNotify()
        #expect(try short.readAll().isEmpty)
        try quick.expect("226")
        try long.send(Array("slow".utf8))
        try long.sayCloseNotify()
        #expect(try long.readAll().isEmpty)
        try slow.expect("226")
      }
      #expect(try server.read("log") == Array((isThere ? "start " : "").utf8) + Array("quick slow".utf8))
    }
  }

  @Test("what clients upload has the permissions that the configuration leaves, whatever the process's umask is")
  func permissions() async throws {
    try await TestServer.changed { $0.umask = 0o007 }.with { server in
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        try client.say("MKD folder", "257")
        let data = try client.startData("STOR folder/file")
        try data.sayCloseNotify()
        _ = try data.readAll()
        try client.expect("226")
      }
      var facts = stat()
      #expect(stat(server.root.appending("folder").string, &facts) == 0 && facts.st_mode & 0o7777 == 0o770)
      #expect(stat(server.root.appending("folder/file").string, &facts) == 0 && facts.st_mode & 0o7777 == 0o660)
    }
  }

  @Test("a client that vanishes in the middle of a transfer is let go")
  func vanishes() async throws {
    try await TestServer.with { server in
      try server.write(TestServer.content(8 << 20), to: "large")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let data = try client.startData("RETR large")
        _ = try data.readAll(limit: 1000)
      }
      #expect(try await eventually { await server.clientCount == 0 })
    }
  }

  @Test("a transfer in which nothing moves ends")
  func stall() async throws {
    try await TestServer.changed { $0.limits.stall = .milliseconds(100) }.with { server in
      try server.write(TestServer.content(16 << 20), to: "large")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let upload = try client.startData("STOR slow")
        try client.expect("426")
        _ = upload
        let download = try client.startData("RETR large")
        try client.expect("426")
        #expect(throws: (any Error).self) { _ = try download.readAll() }
      }
    }
  }

  @Test("REST continues a download and an upload, and no gap can be made")
  func restart() async throws {
    let content = TestServer.content(300_000)
    try await TestServer.with { server in
      try server.write(content, to: "file")
      try server.write(Array(content[..<200_000]) + [1, 2, 3], to: "part")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        try client.say("REST 250000", "350")
        #expect(try client.receive("RETR file") == Array(content[250_000...]))
        #expect(try client.receive("RETR file") == content)
        try client.say("REST 300001", "350")
        let port = try client.dataPort()
        try client.say("RETR file", "554")
        try client.say("REST 200004", "350")
        try client.say("STOR part", "554")
        try client.say("REST 200000", "350")
        let data = try client.startData("STOR part", port: port)
        try data.send(Array(content[200_000...]))
        try data.sayCloseNotify()
        try client.expect("226")
        let appended = try client.startData("APPE part")
        try appended.send([7])
        try appended.sayCloseNotify()
        try client.expect("226")
        try client.say("REST -1", "501")
        try client.say("REST x", "501")
      }
      #expect(try server.read("part") == content + [7])
    }
  }

  @Test("REST counts only for the transfer right after it")
  func restartIsForgotten() async throws {
    try await TestServer.with { server in
      try server.write(Array("content".utf8), to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        try client.say("REST 3", "350")
        try client.say("NOOP", "200")
        #expect(try client.receive("RETR file") == Array("content".utf8))
      }
    }
  }

  @Test("commands that come while a transfer runs are answered after it")
  func pipelining() async throws {
    try await TestServer.with { server in
      try server.write(TestServer.content(1 << 20), to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let data = try client.startData("RETR file")
        try client.control.send(Array("NOOP\r\nPWD\r\n".utf8))
        #expect(try data.readAll().count == 1 << 20)
        try data.sayCloseNotify()
        try client.expect("226")
        try client.expect("200")
        try client.expect("257")
      }
    }
  }

  @Test("what cannot be read or written is refused before any data")
  func refusals() async throws {
    try await TestServer.with { server in
      try server.folder.makeFolder("root/folder")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        _ = try client.dataPort()
        for command in ["RETR missing", "RETR folder", "STOR folder", "STOR missing/file", "APPE /", "MLSD missing"] {
          try client.say(command, "550")
        }
        try client.say("RETR ", "553")
        try client.say("RETR a\0b", "500")
        try client.say("ABOR", "226")
        try client.say("RETR folder", "425")
      }
    }
  }
}
