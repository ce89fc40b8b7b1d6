import FTP
import FTPSServer
import Glibc
import NIOCore
import TLS
import TestSupport
import Testing

/// What a client must not be able to do.
@Suite("The server's guard", .timeLimit(.minutes(2)))
struct SecurityTests {
  // MARK: Before TLS

  @Test("nobody logs in, or does anything else, before TLS")
  func nothingInPlaintext() async throws {
    try await TestServer.with { server in
      try await blocking {
        let client = try RawClient(server.port)
        for command in ["USER ada", "PASS lovelace", "PWD", "EPSV", "RETR x", "MLSD", "SITE HELP"] {
          try client.say(command, "530")
        }
        try client.say("PBSZ 0", "503")
        try client.say("PROT P", "503")
        try client.say("FEAT", "211")
        try client.startTLS()
        try client.logIn()
      }
    }
  }

  @Test(
    "a byte after AUTH and before the handshake ends the connection",
    arguments: ["USER mallory\r\n", "US", "\r\n", "\u{16}\u{3}\u{1}"])
  func bytesAfterAuth(injected: String) async throws {
    try await TestServer.with { server in
      try await blocking {
        let client = try RawClient(server.port)
        try client.control.send(Array("AUTH TLS\r\n\(injected)".utf8))
        // The end may come as a reset that takes the 421 with it.
        do { try client.expect("421") } catch let failure as TestFailure {
          #expect("\(failure)".contains("reset"))
        }
      }
      #expect(try await eventually { await server.clientCount == 0 })
      #expect(server.events.count { if case .encrypted = $0 { true } else { false } } == 0)
    }
  }

  @Test("a refused AUTH leaves the connection in plaintext, and usable")
  func refusedAuth() async throws {
    try await TestServer.with { server in
      try await blocking {
        let client = try RawClient(server.port)
        try client.say("AUTH GSSAPI", "504")
        try client.say("NOOP", "200")
        try client.startTLS()
        try client.say("AUTH TLS", "503")
        try client.logIn()
      }
    }
  }

  // MARK: Staying encrypted

  @Test("there is no way back to plaintext")
  func noPlaintextData() async throws {
    try await TestServer.with { server in
      try await blocking {
        let client = try RawClient(server.port)
        try client.startTLS()
        try client.say("USER ada", "331")
        try client.say("PASS lovelace", "230")
        try client.say("EPSV", "521")
        try client.say("PROT P", "503")
        try client.say("PBSZ 0", "200")
        try client.say("PROT C", "534")
        try client.say("PROT S", "536")
        try client.say("MLSD", "521")
        try client.say("PROT P", "200")
        try client.say("PROT C", "534")
        try client.say("CCC", "534")
        #expect(try client.receive("MLSD").isEmpty)
      }
    }
  }

  // MARK: Whose data connection

  @Test(
    "a data connection that resumes nothing is refused, and nothing is lost by it",
    arguments: [TLSVersion.tls12, .tls13])
  func fullHandshake(version: TLSVersion) async throws {
    try await TestServer.with { server in
      try server.write(Array("before".utf8), to: "kept")
      try await blocking {
        let client = try RawClient.loggedIn(server.port, maximum: version)
        for (command, name) in [("STOR", "kept"), ("STOR", "new"), ("RETR", "kept")] {
          let port = try client.dataPort()
          try client.say("\(command) \(name)", "150")
          let data = try RawConnection(port: port)
          try data.startTLS(client.context)
          try client.expect("522", after: command)
          #expect(throws: (any Error).self) { _ = try data.readAll() }
        }
        #expect(try client.receive("RETR kept") == Array("before".utf8))
      }
      #expect(try server.read("kept") == Array("before".utf8))
      #expect(try server.read("new") == nil)
    }
  }

  @Test("a session of another control connection proves nothing", arguments: [TLSVersion.tls12, .tls13])
  func ticketOfAnotherConnection(version: TLSVersion) async throws {
    try await TestServer.with { server in
      try server.write(Array("secret".utf8), to: "file")
      try await blocking {
        let victim = try RawClient.loggedIn(server.port, maximum: version)
        let thief = try RawClient.loggedIn(server.port, maximum: version)
        let port = try victim.dataPort()
        try victim.say("RETR file", "150")
        let data = try RawConnection(port: port)
        try data.startTLS(thief.context, ticket: thief.tickets.take())
        try victim.expect("522")
        #expect(throws: (any Error).self) { _ = try data.readAll() }
      }
    }
  }

  @Test("without the requirement, a full handshake is enough")
  func resumptionNotRequired() async throws {
    try await TestServer.changed { $0.requiresResumption = false }.with { server in
      try server.write(Array("content".utf8), to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let port = try client.dataPort()
        try client.say("RETR file", "150")
        let data = try RawConnection(port: port)
        try data.startTLS(client.context)
        #expect(try data.readAll() == Array("content".utf8))
        try data.sayCloseNotify()
        try client.expect("226")
      }
    }
  }

  @Test("who comes to a data port from another address is turned away, and the client still gets in")
  func foreignAddress() async throws {
    try await TestServer.with { server in
      try server.write(Array("content".utf8), to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let port = try client.dataPort()
        let stranger = try RawConnection(port: port, from: "127.0.0.2")
        #expect(throws: (any Error).self) { try stranger.startTLS(client.context) }
        let data = try client.startData("RETR file", port: port)
        #expect(try data.readAll() == Array("content".utf8))
        try data.sayCloseNotify()
        try client.expect("226")
      }
      #expect(server.events.count { if case .foreignDataConnection = $0 { true } else { false } } == 1)
    }
  }

  @Test("a data port takes one connection")
  func oneConnection() async throws {
    try await TestServer.with { server in
      try server.write(Array("content".utf8), to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let port = try client.dataPort()
        let data = try client.startData("RETR file", port: port)
        #expect(throws: (any Error).self) {
          let second = try RawConnection(port: port)
          try second.startTLS(client.context)
        }
        #expect(try data.readAll() == Array("content".utf8))
      }
    }
  }

  @Test("data ports are of the range that was asked for")
  func portRange() async throws {
    let block = try PortBlock()
    let ports = block.passive.lowerBound...block.passive.lowerBound + 1
    try await TestServer.changed { $0.passivePorts = ports }.with { server in
      try await blocking {
        let clients = try (0..<3).map { _ in try RawClient.loggedIn(server.port) }
        #expect(try Set([clients[0].dataPort(), clients[1].dataPort()]) == Set(ports))
        try clients[2].say("EPSV", "425")
        try clients[0].say("ABOR", "226")
        #expect(try ports.contains(clients[2].dataPort()))
      }
    }
  }

  // MARK: Limits

  @Test("wrong passwords take longer and longer, and then the connection ends")
  func guessing() async throws {
    try await TestServer.with { server in
      try await blocking {
        let client = try RawClient(server.port)
        try client.startTLS()
        for attempt in 1...5 {
          try client.say("USER ada", "331")
          try client.say("PASS guess\(attempt)", attempt < 5 ? "530" : "421")
        }
      }
      #expect(server.events.count { if case .loginFailed = $0 { true } else { false } } == 5)
    }
  }

  @Test("there are as many connections as the limit allows")
  func connectionLimit() async throws {
    try await TestServer.changed { $0.limits.connectionsPerAddress = 2 }.with { server in
      try await blocking {
        let first = try RawClient(server.port)
        let second = try RawClient(server.port)
        let third = try RawConnection(port: server.port)
        #expect(try third.line().hasPrefix("421"))
        try first.say("QUIT", "221")
        try second.say("NOOP", "200")
      }
      #expect(try await eventually { await server.clientCount == 0 })
      try await blocking { _ = try RawClient(server.port) }
    }
  }

  @Test("who says nothing for too long is disconnected")
  func idle() async throws {
    try await TestServer.changed { $0.limits.idle = .milliseconds(50) }.with { server in
      try await blocking {
        let client = try RawClient(server.port)
        try client.expect("421")
      }
    }
  }

  @Test("who does not log in for too long is disconnected, whatever else is said meanwhile")
  func lateLogin() async throws {
    try await TestServer.changed { $0.limits.login = .milliseconds(300) }.with { server in
      try await blocking {
        let client = try RawClient(server.port)
        try client.startTLS()
        var reply = ""
        repeat {
          try client.control.send(Array("NOOP\r\n".utf8))
          reply = try client.reply()
        } while reply.hasPrefix("200")
        #expect(reply.hasPrefix("421"))
      }
      #expect(try await eventually { await server.clientCount == 0 })
    }
  }

  @Test("who starts TLS byte by byte is disconnected all the same")
  func drippedHandshake() async throws {
    try await TestServer.changed {
      $0.limits.handshake = .milliseconds(200)
      $0.mode = .implicit
    }.with { server in
      try await blocking {
        let client = try RawConnection(port: server.port)
        // The beginning of a ClientHello that never ends.
        let hello: [UInt8] = [0x16, 3, 1, 0x40, 0, 1, 0, 0x3F, 0xFC, 3, 3]
        let start = ContinuousClock.now
        #expect(throws: (any Error).self) {
          for index in 0..<16_384 {
            try client.sendRaw([index < hello.count ? hello[index] : 0])
            usleep(5000)
          }
        }
        #expect(ContinuousClock.now - start < .seconds(10))
      }
      #expect(try await eventually { await server.clientCount == 0 })
    }
  }

  @Test("who starts TLS and does not go on is disconnected", arguments: [true, false])
  func stalledHandshake(isImplicit: Bool) async throws {
    try await TestServer.changed {
      $0.limits.handshake = .milliseconds(50)
      if isImplicit { $0.mode = .implicit }
    }.with { server in
      try await blocking {
        let client = try RawConnection(port: server.port)
        if !isImplicit {
          _ = try client.line()
          try client.send(Array("AUTH TLS\r\n".utf8))
          #expect(try client.line().hasPrefix("234"))
        }
        #expect(throws: (any Error).self) { _ = try client.line() }
      }
      #expect(try await eventually { await server.clientCount == 0 })
    }
  }

  @Test("a line without an end is not kept")
  func endlessLine() async throws {
    try await TestServer.with { server in
      try await blocking {
        let client = try RawClient(server.port)
        try client.control.send([UInt8](repeating: 0x41, count: 9000))
        do { try client.expect("500") } catch let failure as TestFailure {
          #expect("\(failure)".contains("reset"))
        }
      }
      #expect(try await eventually { await server.clientCount == 0 })
    }
  }
}
