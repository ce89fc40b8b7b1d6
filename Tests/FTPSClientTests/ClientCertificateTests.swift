import FTP
import FTPSClient
import NIOPosix
import Synchronization
import TLS
import TestSupport
import Testing

/// What servers do with a client certificate, and how that is told (threat C11).
@Suite struct ClientCertificateTests {
  static let identity = try! make("ada")
  static let versions: [TLSVersion] = [.tls12, .tls13]

  private static func make(_ name: String, purpose: SelfSignedCertificate.Purpose = .client) throws -> ClientIdentity {
    let key = try PrivateKey.generate(.ecP256)
    let certificate = try SelfSignedCertificate.make(key: key, commonName: name, days: 2, purpose: purpose)
    return try ClientIdentity(name: name, Identity(chain: [certificate], key: key))
  }

  private func context(_ policy: ClientCertificatePolicy, _ version: TLSVersion) throws -> TLSContext {
    let key = try PrivateKey.generate(.ecP256)
    let certificate = try SelfSignedCertificate.make(
      key: key, commonName: "localhost", names: ["127.0.0.1"], days: 2, purpose: .server)
    return try TLSContext.server(
      identity: Identity(chain: [certificate], key: key), clientCertificates: policy, maximum: version)
  }

  /// A server that asks for a certificate in the handshake; then the script goes on.
  private func server(
    _ policy: ClientCertificatePolicy, _ version: TLSVersion, _ script: @escaping @Sendable (Peer) throws -> Void
  ) throws -> ScriptedServer {
    let context = try context(policy, version)
    return try ScriptedServer { peer in
      try peer.send("220 hello\r\n")
      try peer.expect("AUTH TLS")
      try peer.send("234 go on\r\n")
      try peer.startTLS(context)
      try script(peer)
    }
  }

  /// What a server has made of a certificate.
  private final class Observer: IdentityObserver {
    let heard = Mutex<[String]>([])
    func stands(_ identity: ClientIdentity) async -> Bool { true }
    func accepted(_ identity: ClientIdentity, by server: ServerAddress) async {
      heard.withLock { $0.append("accepted \(identity.name)") }
    }
    func refused(_ identity: ClientIdentity, by server: ServerAddress) async {
      heard.withLock { $0.append("refused \(identity.name)") }
    }
  }

  private func open(
    _ server: ScriptedServer, identity: ClientIdentity?, password: String? = nil, observer: Observer? = nil
  ) async throws -> FTPSession {
    var configuration = SessionConfiguration(
      server: ServerAddress(host: "127.0.0.1", port: server.port, user: "ada"), password: password.map { Secret($0) },
      identity: identity, trust: Answer(.accept), roots: .none)
    configuration.identityObserver = observer
    return try await FTPSession.open(configuration, on: MultiThreadedEventLoopGroup.singleton)
  }

  private func failure(_ server: ScriptedServer, identity: ClientIdentity?, password: String? = "x") async -> FTPSError?
  {
    do {
      await (try open(server, identity: identity, password: password)).quit()
      return nil
    } catch { return error as? FTPSError }
  }

  private func refusal(_ cause: IdentityRefusal.Cause) -> FTPSError {
    .identityRefused(
      IdentityRefusal(name: "ada", fingerprint: Self.identity.certificate.sha256, cause: cause))
  }

  @Test("a certificate is enough where USER is answered by 232", arguments: versions)
  func certificateIsEnough(version: TLSVersion) async throws {
    let server = try server(.require(accepts: { _ in true }), version) { peer in
      for (command, reply) in [
        ("USER ada", "232 in"), ("PBSZ 0", "200 ok"), ("PROT P", "200 ok"), ("FEAT", "211 no"), ("TYPE I", "200 ok"),
        ("PWD", "257 \"/\" is here"),
      ] {
        try peer.expect(command)
        try peer.send(reply + "\r\n")
      }
      try peer.expect("QUIT")
      try peer.send("221 bye\r\n")
    }
    let observer = Observer()
    let session = try await open(server, identity: Self.identity, observer: observer)
    #expect(session.facts.asksForCertificate)
    #expect(observer.heard.withLock { $0 } == ["accepted ada"])
    await session.quit()
    #expect(server.scriptProblems.isEmpty)
  }

  @Test("a server that wants a password too is told from one that refuses")
  func passwordToo() async throws {
    let server = try server(.require(accepts: { _ in true }), .tls13) { peer in
      try peer.expect("USER ada")
      try peer.send("331 password?\r\n")
      peer.waitForEnd()
    }
    #expect(await failure(server, identity: Self.identity, password: nil) == .passwordNeeded)
  }

  @Test("a required certificate that is missing or refused is explained in both versions", arguments: versions)
  func alerts(version: TLSVersion) async throws {
    let server = try server(.require(accepts: { _ in false }), version) { $0.waitForEnd() }
    #expect(await failure(server, identity: nil) == .certificateWanted(issuers: []))
    let observer = Observer()
    let error = await #expect(throws: FTPSError.self) {
      try await open(server, identity: Self.identity, password: "x", observer: observer)
    }
    guard case .identityRefused(let refused)? = error, case .alert = refused.cause else {
      Issue.record("told as \(String(describing: error))")
      return
    }
    #expect(refused.name == "ada" && refused.fingerprint == Self.identity.certificate.sha256)
    #expect("\(refused)".contains("\(refused.fingerprint)"))
    #expect("\(refused)".hasPrefix("The server has seen your certificate but does not trust it yet"))
    #expect(observer.heard.withLock { $0 } == ["refused ada"])
  }

  @Test("a server that closes without a word has refused the certificate that it asked for", arguments: versions)
  func closed(version: TLSVersion) async throws {
    let server = try server(.request(accepts: { _ in true }), version) { peer in try peer.expect("USER") }
    #expect(await failure(server, identity: Self.identity) == refusal(.closed))
    #expect(await failure(server, identity: nil) == .certificateWanted(issuers: []))
  }

  @Test("one that never asked for a certificate has refused none")
  func notAsked() async throws {
    let server = try server(.none, .tls13) { peer in try peer.expect("USER") }
    #expect(await failure(server, identity: Self.identity) == .closed("the server closed the connection"))
  }

  @Test(
    "replies to the log-in that are about the certificate are told as that, and others are not",
    arguments: [
      ("530 Certificate not trusted", "", true), ("534 Not by your policy", "", true), ("530 Not you", "", true),
      ("331 password?", "530 Login incorrect", false), ("331 password?", "534 Certificate unknown", true),
      ("331 password?", "530 Your certificate is not registered", true),
    ])
  func replies(user: String, pass: String, isAboutCertificate: Bool) async throws {
    let server = try server(.request(accepts: { _ in true }), .tls13) { peer in
      try peer.expect("USER")
      try peer.send(user + "\r\n")
      if !pass.isEmpty {
        try peer.expect("PASS")
        try peer.send(pass + "\r\n")
      }
      peer.waitForEnd()
    }
    let last = pass.isEmpty ? user : pass
    let reply = Reply(Int(last.prefix(3))!, String(last.dropFirst(4)))
    let expected = isAboutCertificate ? refusal(.reply(reply)) : .loginRefused(reply)
    #expect(await failure(server, identity: Self.identity) == expected)
  }

  @Test("a certificate that is for servers only is not shown to anybody")
  func unfit() async throws {
    let server = try server(.none, .tls13) { $0.waitForEnd() }
    let wrong = try Self.make("web", purpose: .server)
    #expect(
      await failure(server, identity: wrong)
        == .identityUnfit(name: "web", .notForClients(usages: ["TLS Web Server Authentication"])))
    #expect(server.scriptProblems.isEmpty)
  }

  @Test("each way to say no has its own sentence")
  func sentences() {
    let mark = Self.identity.certificate.sha256
    func sentence(_ cause: IdentityRefusal.Cause) -> String {
      "\(FTPSError.identityRefused(IdentityRefusal(name: "ada", fingerprint: mark, cause: cause)))"
    }
    #expect(sentence(.alert(.unknownAuthority)).contains("does not trust it yet (alert: unknown CA (48))"))
    #expect(sentence(.alert(.certificateExpired)).contains("has expired"))
    #expect(sentence(.alert(.certificateRevoked)).contains("has been revoked"))
    #expect(sentence(.alert(.unsupportedCertificate)).contains("cannot use your certificate"))
    #expect(sentence(.alert(.certificateRequired)).contains("got no certificate that it can use"))
    #expect(sentence(.reply(Reply(530, "no"))).contains("(530 no)"))
    #expect(sentence(.closed).contains("it closed the connection"))
    let names = ["A", "B\u{1B}[2J", "C", "D"].map { DistinguishedName(commonName: $0) }
    let wanted = "\(FTPSError.certificateWanted(issuers: names))"
    #expect(wanted.contains("it accepts those signed by A, B\\x1B[2J, C and 1 more"))
    #expect("\(FTPSError.certificateWanted(issuers: []))".contains("and none is set. Make one"))
  }
}
