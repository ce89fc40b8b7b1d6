import FTP
import FTPSClient
import NIOPosix
import TLS
import TestSupport
import Testing

/// What a server must not be able to do (threats T01–T07, D01, X01 and their kin).
@Suite("Against a hostile or broken server", .timeLimit(.minutes(2)))
struct HostileServerTests {
  // MARK: Before TLS

  @Test(
    "bytes in the clear after the reply to AUTH end the session, and no credential is sent",
    arguments: ["331 Password please\r\n", "230 ", "230-open\r\n", "\0"])
  func bytesAfterAuth(extra: String) async throws {
    let secrets = Heard()
    let server = try ScriptedServer { peer in
      try peer.send("220 hello\r\n")
      try peer.expect("AUTH TLS")
      try peer.send("234 go on\r\n" + extra)
      secrets.add(try peer.readToEnd())
    }
    await #expect(throws: FTPSError.bytesAfterAuth) { try await open(server) }
    #expect(!secrets.contains("PASS"))
  }

  @Test("a server without TLS gets neither user nor password", arguments: [500, 502, 504, 530, 534])
  func authRefused(code: Int) async throws {
    let heard = Heard()
    let server = try ScriptedServer { peer in
      try peer.send("220 hello\r\n")
      while let line = try? peer.line() {
        heard.add(Array(line.utf8))
        try peer.send("\(code) no\r\n")
      }
    }
    let error = await #expect(throws: FTPSError.self) { try await open(server) }
    guard case .tlsRefused(let reply)? = error else { throw Unexpected("\(String(describing: error))") }
    #expect(reply.code == code)
    #expect(heard.text == "AUTH TLSAUTH SSL")
  }

  @Test("AUTH SSL is tried where AUTH TLS is unknown")
  func authSSL() async throws {
    let server = try ScriptedServer { peer in
      try peer.send("220 hello\r\n")
      try peer.expect("AUTH TLS")
      try peer.send("504 what?\r\n")
      try peer.expect("AUTH SSL")
      try peer.send("234 go on\r\n")
      try peer.startTLS(Certificates.server)
      try peer.logIn()
      try peer.expect("QUIT")
      try peer.send("221 bye\r\n")
    }
    let session = try await open(server)
    await session.quit()
    #expect(server.scriptProblems == [])
  }

  @Test(
    "a greeting other than 220 is no FTP server",
    arguments: ["230 welcome\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request\r\n"])
  func strangeGreeting(greeting: String) async throws {
    let server = try ScriptedServer { peer in
      try peer.send(greeting)
      peer.waitForEnd()
    }
    let error = await #expect(throws: FTPSError.self) { try await open(server) }
    switch error {
    case .notFTP, .malformed: break
    default: throw Unexpected("\(String(describing: error))")
    }
  }

  @Test("an explicit server on a port thought to be implicit is recognised")
  func implicitToExplicit() async throws {
    let server = try ScriptedServer { peer in
      try peer.send("220 hello\r\n")
      peer.waitForEnd()
    }
    let error = await #expect(throws: FTPSError.self) { try await open(server, mode: .implicit) }
    guard case .notImplicitTLS? = error else { throw Unexpected("\(String(describing: error))") }
  }

  @Test("an implicit server on a port thought to be explicit is recognised by its silence")
  func explicitToImplicit() async throws {
    let server = try ScriptedServer { peer in peer.waitForEnd() }
    let port = server.port
    await #expect(throws: FTPSError.silentPort(port)) {
      try await open(server) { $0.greeting = .milliseconds(300) }
    }
  }

  // MARK: Trust

  @Test("a rejected certificate ends the session before USER")
  func rejected() async throws {
    let heard = Heard()
    let server = try ScriptedServer { peer in
      try peer.send("220 hello\r\n")
      try peer.expect("AUTH TLS")
      try peer.send("234 go on\r\n")
      try peer.startTLS(Certificates.server)
      heard.add(try peer.readToEnd())
    }
    await #expect(throws: FTPSError.certificateRejected("no")) {
      try await open(server, trust: Answer(.reject("no")))
    }
    #expect(heard.text == "")
  }

  @Test("the question names what is wrong with the certificate, and the answer lets the session begin")
  func asked() async throws {
    let server = try ScriptedServer.standard { peer in
      try peer.expect("QUIT")
      try peer.send("221 bye\r\n")
    }
    let answer = Answer(.accept)
    let session = try await open(server, trust: answer)
    await session.quit()
    let question = try #require(answer.questions.first)
    #expect(question.problems.contains(.selfSigned))
    #expect(question.chain.count == 1)
    #expect(question.tlsVersion.hasPrefix("TLS 1."))
  }

  // MARK: Protection of data

  @Test("PROT P refused: the session ends, nothing is transferred in the clear", arguments: [534, 536, 500])
  func protRefused(code: Int) async throws {
    let server = try ScriptedServer { peer in
      try peer.secure()
      try peer.expect("USER")
      try peer.send("230 in\r\n")
      try peer.expect("PBSZ 0")
      try peer.send("200 ok\r\n")
      try peer.expect("PROT P")
      try peer.send("\(code) no\r\n")
      peer.waitForEnd()
    }
    let error = await #expect(throws: FTPSError.self) { try await open(server) }
    guard case .protectionRefused? = error else { throw Unexpected("\(String(describing: error))") }
    #expect(server.scriptProblems == [])
  }

  @Test("the address in a 227 reply is not followed: the data come from the control connection's host")
  func foreignAddress() async throws {
    let server = try ScriptedServer.standard { peer in
      try peer.expect("EPSV")
      try peer.send("500 no\r\n")
      try peer.expect("PASV")
      let listener = try DataListener()
      try peer.send("227 Entering (198,51,100,7,\(listener.port >> 8),\(listener.port & 255))\r\n")
      try peer.expect("RETR /a")
      try peer.send("150 here\r\n")
      let data = listener.accept()
      try data.startTLS(Certificates.server)
      try data.send("content")
      try data.sendCloseNotify()
      try peer.send("226 done\r\n")
      peer.waitForEnd()
    }
    let session = try await open(server)
    let sink = Collected()
    _ = try await session.retrieve(RemotePath("/a"), into: sink)
    #expect(await sink.text == "content")
    await session.quit()
  }

  @Test("a data connection with another certificate is refused")
  func foreignCertificate() async throws {
    let server = try ScriptedServer.standard { peer in
      let listener = try peer.passive()
      try peer.expect("RETR /a")
      try peer.send("150 here\r\n")
      let data = listener.accept()
      try? data.startTLS(Certificates.other)
      try? peer.send("426 gone\r\n")
      peer.waitForEnd()
    }
    let session = try await open(server)
    await #expect(throws: (any Error).self) { try await session.retrieve(RemotePath("/a"), into: Collected()) }
  }

  @Test("plaintext on a data connection under PROT P is refused")
  func plaintextData() async throws {
    let server = try ScriptedServer.standard { peer in
      let listener = try peer.passive()
      try peer.expect("RETR /a")
      try peer.send("150 here\r\n")
      let data = listener.accept()
      try data.write(Array("plain content".utf8))
      data.close()
      try peer.send("226 done\r\n")
      peer.waitForEnd()
    }
    let session = try await open(server)
    let sink = Collected()
    await #expect(throws: (any Error).self) { try await session.retrieve(RemotePath("/a"), into: sink) }
    #expect(await sink.text == "")
  }

  @Test("a download whose data end without close_notify is incomplete, whatever the reply says")
  func truncated() async throws {
    let server = try ScriptedServer.standard { peer in
      let data = try peer.serve("RETR /a")
      try data.send("half of it")
      data.close()
      try peer.send("226 done\r\n")
      peer.waitForEnd()
    }
    let session = try await open(server)
    await #expect(throws: FTPSError.truncated) { try await session.retrieve(RemotePath("/a"), into: Collected()) }
  }

  @Test("a listing that ends without close_notify is incomplete")
  func truncatedListing() async throws {
    let server = try ScriptedServer.standard { peer in
      let data = try peer.serve("MLSD")
      try data.send("type=file;size=1; a\r\n")
      data.close()
      try peer.send("226 done\r\n")
      peer.waitForEnd()
    }
    let session = try await open(server)
    await #expect(throws: FTPSError.truncated) {
      try await session.list(RemotePath("/"), now: Timestamp(seconds: 0)) { _ in }
    }
  }

  @Test("226 before the last data, or after it: the download is whole", arguments: [true, false])
  func replyOrder(replyFirst: Bool) async throws {
    let server = try ScriptedServer.standard { peer in
      let data = try peer.serve("RETR /a")
      if replyFirst { try peer.send("226 done\r\n") }
      try data.send(String(repeating: "0123456789", count: 20_000))
      try data.sendCloseNotify()
      if !replyFirst { try peer.send("226 done\r\n") }
      data.waitForEnd()
      peer.waitForEnd()
    }
    let session = try await open(server)
    let sink = Collected()
    let report = try await session.retrieve(RemotePath("/a"), into: sink)
    #expect(report.bytes == 200_000)
    #expect(await sink.text.count == 200_000)
    await session.quit()
  }

  @Test("a reply that nobody asked for ends the session")
  func unsolicited() async throws {
    let server = try ScriptedServer.standard { peer in
      try peer.expect("NOOP")
      try peer.send("200 ok\r\n250 and more\r\n")
      peer.waitForEnd()
    }
    let session = try await open(server)
    try? await session.noop()
    await #expect(throws: (any Error).self) { try await session.noop() }
    #expect(await session.isUsable == false)
  }

  @Test(
    "names that would smuggle a command are refused before anything is sent",
    arguments: ["a\r\nDELE b", "a\nb", "a\rb"])
  func smuggled(name: String) async throws {
    let heard = Heard()
    let server = try ScriptedServer.standard { peer in
      heard.add(try peer.readToEnd())
    }
    let session = try await open(server)
    let path = RemotePath.root.appending(try FileName(name))
    await #expect(throws: (any Error).self) { try await session.delete(path) }
    #expect(await session.isUsable)
    await session.close(because: .cancelled)
    #expect(!heard.contains("DELE"))
  }
}
