import TLS
import Testing

@Suite struct VerdictTests {
  @Test("the handshake waits as long as the verdict does", arguments: [TLSVersion.tls12, .tls13], [nil, 1])
  func delayed(version: TLSVersion, step: Int?) throws {
    let link = try Sample.link(version, step: step)
    link.accepts = nil
    try link.shakeHands()
    try link.shakeHands()
    #expect(link.questions >= 2)
    #expect(!link.clientIsComplete && !link.serverIsComplete)
    #expect(link.client.peerChain == Sample.serverIdentity.chain)
    #expect(link.client.version == version.description)
    #expect(!link.client.cipher.isEmpty)

    link.accepts = true
    try link.shakeHands()
    #expect(link.clientIsComplete && link.serverIsComplete)
  }

  @Test("a rejected certificate ends the connection on both sides", arguments: [TLSVersion.tls12, .tls13])
  func denied(version: TLSVersion) throws {
    let link = try Sample.link(version)
    link.accepts = false
    #expect(throws: TLSError.certificateRejected) { try link.shakeHands() }
    // And every further call says the same.
    #expect(throws: TLSError.certificateRejected) { try link.client.handshake() }
    link.carry(from: link.client, to: link.server)
    #expect(throws: TLSError.peerAlert(.badCertificate)) { try link.server.handshake() }
  }

  @Test("nothing reaches the server before the verdict but the client's hello", arguments: [TLSVersion.tls12, .tls13])
  func silence(version: TLSVersion) throws {
    let link = try Sample.link(version)
    link.accepts = nil
    try link.shakeHands()
    #expect(link.client.pendingCiphertextCount == 0)
    #expect(try link.server.handshake() == .wantsPeer)
  }

  @Test("the server goes away while the verdict is awaited", arguments: [TLSVersion.tls12, .tls13])
  func abandoned(version: TLSVersion) throws {
    let link = try Sample.link(version)
    link.accepts = nil
    try link.shakeHands()
    link.client.endOfInput()
    link.client.answer(accepted: true)
    if version == .tls12 {
      #expect(throws: TLSError.closedDuringHandshake) { try link.client.handshake() }
    } else {
      // The server's flight of TLS 1.3 came whole; the end is met by the first read.
      #expect(try link.client.handshake() == .complete)
      #expect(throws: TLSError.truncated) { try link.client.readAll() }
    }
  }

  @Test("weak certificates come to the question, rather than end in an error of OpenSSL", arguments: WeakServer.all)
  func weak(server: WeakServer) async throws {
    for version in [TLSVersion.tls12, .tls13] {
      let link = try Sample.link(version, server: try await server.context())
      try link.shakeHands()
      #expect(link.clientIsComplete && link.questions == 1)
      let problems = ChainCheck.problems(of: link.client.peerChain, host: nil, at: now(), roots: .none)
      #expect(problems.contains(server.problem), "\(problems)")
    }
  }
}
