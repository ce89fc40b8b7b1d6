import FTP
import FTPSClient
import TestSupport
import Testing

/// Two sessions with servers that do what a script says.
@Suite("Between scripted servers", .timeLimit(.minutes(1)))
struct ScriptedFXPTests {
  /// Plays a target that becomes the TLS client and connects, up to the name of the file.
  private static func becomeClient(_ peer: Peer) throws {
    try peer.secure()
    try peer.logIn(features: ["SSCN"])
    try peer.expect("SSCN ON")
    try peer.send("200 ok\r\n")
    try peer.expect("EPRT")
    try peer.send("200 ok\r\n")
    try peer.expect("STOR /b")
  }

  /// Plays a source that waits to be connected to, up to the name of the file.
  private static func waitForOther(_ peer: Peer) throws {
    try peer.secure()
    try peer.logIn()
    try peer.expect("EPSV")
    try peer.send("229 here (|||50000|)\r\n")
    try peer.expect("RETR /a")
  }

  private static func never() async { try? await Task.sleep(for: .seconds(3_600)) }

  @Test("with CPSV, the other server is sent to the host that this side knows, whatever the reply states")
  func cpsv() async throws {
    let target = try ScriptedServer { peer in
      try peer.secure()
      try peer.logIn(features: ["CPSV", "SIZE"])
      try peer.expect("CPSV")
      try peer.send("227 Entering Passive Mode (10,9,8,7,195,80)\r\n")
      try peer.expect("REST 100")
      try peer.send("350 ok\r\n")
      try peer.expect("STOR /b")
      try peer.send("150 here\r\n226 there\r\n")
      // None of it stays: the next transfer is as any other.
      let data = try peer.serve("RETR /b")
      try data.send("abc")
      try data.sendCloseNotify()
      data.close()
      try peer.send("226 done\r\n")
      peer.waitForEnd()
    }
    let source = try ScriptedServer { peer in
      try peer.secure()
      try peer.logIn(features: ["SIZE"])
      // An old server, which only knows the older command.
      try peer.expect("EPRT |1|127.0.0.1|50000|")
      try peer.send("500 what?\r\n")
      try peer.expect("PORT 127,0,0,1,195,80")
      try peer.send("200 ok\r\n")
      try peer.expect("REST 100")
      try peer.send("350 ok\r\n")
      try peer.expect("RETR /a")
      try peer.send("150 here\r\n226 there\r\n")
      peer.waitForEnd()
    }
    let (near, far) = (try await open(source), try await open(target))
    let routes = try FXPRoute.routes(from: near.fxpParty, to: far.fxpParty)
    #expect(routes == [FXPRoute(passive: .target, tlsClient: .target, by: .cpsv)])
    try await FXPTransfer(from: near, to: far, by: routes[0]).run(
      try RemotePath("/a"), from: 100, to: try RemotePath("/b"), watch: Self.never)
    let sink = Collected()
    _ = try await far.retrieve(try RemotePath("/b"), into: sink)
    #expect(await sink.text == "abc")
    #expect(source.scriptProblems + target.scriptProblems == [])
  }

  @Test("a server that stays a TLS client is used for nothing any more")
  func stuck() async throws {
    let target = try ScriptedServer { peer in
      try Self.becomeClient(peer)
      try peer.send("150 here\r\n226 there\r\n")
      try peer.expect("SSCN OFF")
      try peer.send("500 no\r\n")
      peer.waitForEnd()
    }
    let source = try ScriptedServer { peer in
      try Self.waitForOther(peer)
      try peer.send("150 here\r\n226 there\r\n")
      peer.waitForEnd()
    }
    let (near, far) = (try await open(source), try await open(target))
    try await FXPTransfer(
      from: near, to: far, by: FXPRoute(passive: .source, tlsClient: .target, by: .sscn)
    ).run(try RemotePath("/a"), from: 0, to: try RemotePath("/b"), watch: Self.never)
    await #expect(throws: FTPSError.self) { try await far.retrieve(try RemotePath("/b"), into: Collected()) }
    let isUsable = await far.isUsable
    #expect(!isUsable)
    #expect(source.scriptProblems + target.scriptProblems == [])
  }

  @Test("who says nothing is not waited for longer than for any reply, and the other one is told to stop")
  func silent() async throws {
    let target = try ScriptedServer { peer in
      try Self.becomeClient(peer)
      try peer.send("150 here\r\n")
      try peer.expect("ABOR")
      try peer.send("426 stopped\r\n226 ok\r\n")
      peer.waitForEnd()
    }
    let source = try ScriptedServer { peer in
      try Self.waitForOther(peer)
      peer.waitForEnd()
    }
    let (near, far) = (try await open(source) { $0.reply = .seconds(1) }, try await open(target))
    let failure = await #expect(throws: FXPFailure.self) {
      try await FXPTransfer(
        from: near, to: far, by: FXPRoute(passive: .source, tlsClient: .target, by: .sscn)
      ).run(try RemotePath("/a"), from: 0, to: try RemotePath("/b"), watch: Self.never)
    }
    #expect(failure?.side == .source && failure?.isTargetSettled == true, "\(failure as Any)")
    #expect(failure?.mayBeAboutTheFile == false)
    #expect(target.scriptProblems == [])
  }
}
