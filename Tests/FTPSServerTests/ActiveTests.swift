import FTP
import Glibc
import NIOCore
import TLS
import TestSupport
import Testing

@testable import FTPSServer

/// Data connections that the server opens, and only to its client.
@Suite("Active mode", .timeLimit(.minutes(1)))
struct ActiveTests {
  @Test(
    "PORT",
    arguments: [
      ("127,0,0,1,200,1", "127.0.0.1", 51201), ("10,255,0,9,0,80", "10.255.0.9", 80), ("1,2,3,4,5", nil, 0),
      ("1,2,3,4,5,6,7", nil, 0), ("1,2,3,256,5,6", nil, 0), ("1,2,3,-4,5,6", nil, 0), ("1,2,3,4,0,0", nil, 0),
      ("1,2,3,4,5, 6", nil, 0), ("1,2,3,0004,5,6", nil, 0), ("", nil, 0), ("a,b,c,d,e,f", nil, 0),
    ] as [(String, String?, Int)])
  func port(argument: String, host: String?, port: Int) {
    let address = ActiveAddress(port: Array(argument.utf8))
    #expect(address?.host == host)
    #expect(address?.port ?? 0 == port)
  }

  @Test("EPRT")
  func extendedPort() {
    func read(_ text: String) -> ActiveAddress.Extended { ActiveAddress.extended(Array(text.utf8)) }
    guard case .address(let four) = read("|1|192.0.2.1|50000|"), case .address(let six) = read("!2!2001:db8::1!1!")
    else {
      Issue.record("refused")
      return
    }
    #expect(four.host == "192.0.2.1" && four.port == 50000)
    #expect(six.host == "2001:db8::1" && six.port == 1)
    #expect(read("|3|x|1|") == .unknownProtocol)
    for text in [
      "", "|", "|1|192.0.2.1|50000", "|1|192.0.2.1|0|", "|1|192.0.2.1|65536|", "|1|::1|5|", "|2|192.0.2.1|5|",
      "|1|192.0.2.1|+5|", "|1|192.0.2.1|999999999999999999999|", "1|192.0.2.1|5|", "|1|a|b|c|d|",
    ] { #expect(read(text) == .malformed, "\(text)") }
  }

  @Test(
    "files go both ways over resumed connections to the client", arguments: [TLSVersion.tls12, .tls13], [true, false])
  func transfers(version: TLSVersion, isExtended: Bool) async throws {
    try await TestServer.with { server in
      let content = TestServer.content(300_000)
      try server.write(content, to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port, maximum: version)
        for command in ["RETR file", "STOR copy", "MLSD"] {
          let waiter = try RawListener()
          try client.say(
            isExtended
              ? "EPRT |1|127.0.0.1|\(waiter.port)|" : "PORT 127,0,0,1,\(waiter.port >> 8),\(waiter.port & 255)", "200")
          try client.say(command, "150")
          let data = try waiter.accept()
          try data.startTLS(client.context, ticket: client.tickets.take(), tickets: client.tickets)
          if command.hasPrefix("STOR") {
            try data.send(content)
          } else {
            let bytes = try data.readAll()
            #expect(command == "MLSD" ? bytes.count > 50 : bytes == content)
          }
          try data.sayCloseNotify()
          try client.expect("226", after: command)
        }
      }
      #expect(try server.read("copy") == content)
    }
  }

  @Test("no other host is called, and no port of the system")
  func bounce() async throws {
    try await TestServer.with { server in
      try server.write([1], to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let victim = try RawListener(address: "127.0.0.2")
        let (high, low) = (victim.port >> 8, victim.port & 255)
        for command in [
          "PORT 127,0,0,2,\(high),\(low)", "EPRT |1|127.0.0.2|\(victim.port)|", "PORT 127,0,0,1,0,21",
          "EPRT |1|127.0.0.1|1023|", "EPRT |2|::1|\(victim.port)|", "PORT 1,2,3", "EPRT |1|localhost|\(victim.port)|",
        ] {
          try client.say(command, "501")
          try client.say("RETR file", "425")
        }
        try client.say("EPRT |9|x|1|", "522")
        try client.say("EPSV ALL", "200")
        try client.say("PORT 127,0,0,1,200,1", "503")
        #expect(!victim.hasVisitor)
      }
    }
  }

  @Test("a client that does not listen, or does not resume, is told so", arguments: [TLSVersion.tls12, .tls13])
  func failures(version: TLSVersion) async throws {
    try await TestServer.with { server in
      try server.write(TestServer.content(10), to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port, maximum: version)
        let closed = try RawListener().port
        try client.say("EPRT |1|127.0.0.1|\(closed)|", "200")
        try client.say("RETR file", "150")
        try client.expect("425")
        let waiter = try RawListener()
        try client.say("EPRT |1|127.0.0.1|\(waiter.port)|", "200")
        try client.say("RETR file", "150")
        let data = try waiter.accept()
        try data.startTLS(client.context)
        try client.expect("522")
        #expect(throws: (any Error).self) { _ = try data.readAll() }
      }
    }
  }

  @Test("bytes wait for the rate, and a pause saves up a tenth of a second")
  func rate() {
    var limit = RateLimit(bytesPerSecond: 1000)
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    #expect(limit.delay(for: 100, now: start) == .zero)
    #expect(limit.delay(for: 1000, now: start) == .milliseconds(100))
    #expect(limit.delay(for: 1, now: start) == .milliseconds(1100))
    #expect(limit.delay(for: 100, now: start + .seconds(60)) == .zero)
    #expect(limit.delay(for: 100, now: start + .seconds(60)) == .zero)
    #expect(limit.delay(for: 100, now: start + .seconds(60)) == .milliseconds(100))
    #expect(RateLimit(bytesPerSecond: 1).portion == 4096)
    #expect(RateLimit(bytesPerSecond: 1 << 40).portion == 256 << 10)
  }

  @Test("a transfer keeps to the limit")
  func limitedTransfer() async throws {
    try await TestServer.changed { $0.limits.bytesPerSecond = 1 << 20 }.with { server in
      let content = TestServer.content(512 << 10)
      try server.write(content, to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let clock = ContinuousClock()
        var received: [UInt8] = []
        let time = try clock.measure { received = try client.receive("RETR file") }
        #expect(received == content)
        // Half a second's bytes, of which the first tenth may go at once.
        #expect(time > .milliseconds(200), "\(time)")
      }
    }
  }
}
