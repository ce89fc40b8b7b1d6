import Testing

@testable import TLS

/// What a server asks of clients, and what it then knows of them.
@Suite struct ClientCertificateTests {
  private func link(
    _ version: TLSVersion, identity: Identity?, scope: ResumptionScope = ResumptionScope(), ticket: TLSTicket? = nil,
    tickets: TicketStore? = nil, issuers: [Certificate] = []
  ) throws -> MemoryLink {
    MemoryLink(
      client: TLSSession(
        client: try .client(identity: identity, maximum: version), serverName: nil, ticket: ticket, tickets: tickets),
      server: TLSSession(server: try Self.server.get(), scope: scope, issuers: issuers))
  }

  private static let server = Result {
    try TLSContext.server(identity: Sample.serverIdentity, clientCertificates: .request(accepts: { _ in true }))
  }

  @Test("the issuers that a server accepts are named to the client", arguments: [TLSVersion.tls12, .tls13])
  func issuers(version: TLSVersion) throws {
    let authorities = try (0..<70).map { try Authority(name: "Signer \($0)") }
    for count in [0, 1, 70] {
      let link = try link(version, identity: nil, issuers: authorities.prefix(count).map(\.certificate))
      try link.shakeHands()
      #expect(link.client.wasAskedForCertificate)
      let named = link.client.acceptedIssuers.map(\.commonName)
      #expect(named == (0..<min(count, 64)).map { "Signer \($0)" })
    }
  }

  @Test(
    "the whole chain that a client shows is known, and its own certificate after a resumption too",
    arguments: [TLSVersion.tls12, .tls13])
  func chain(version: TLSVersion) throws {
    let authority = try Authority(name: "Signer")
    let key = try PrivateKey.generate(.ecP256)
    let leaf = try authority.issue("ada", key: key) { $0.extendedKeyUsage = "clientAuth" }
    let identity = try Identity(chain: [leaf, authority.certificate], key: key)
    let (tickets, scope) = (TicketStore(), ResumptionScope())
    let control = try link(version, identity: identity, scope: scope, tickets: tickets)
    try control.shakeHands()
    _ = try control.client.readAll()
    #expect(control.server.peerChain == identity.chain)
    let data = try link(version, identity: identity, scope: scope, ticket: tickets.take())
    try data.shakeHands()
    #expect(data.server.isResumed && data.server.peerChain == [leaf])
    // The session proves nothing where another connection's sessions are awaited.
    let other = try link(version, identity: nil, ticket: tickets.take())
    try other.shakeHands()
    #expect(!other.server.isResumed && other.server.peerChain.isEmpty)
  }
}
