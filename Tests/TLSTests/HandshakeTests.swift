import TLS
import Testing

@Suite struct HandshakeTests {
  @Test(
    "a handshake completes after the verdict, and text goes both ways",
    arguments: [TLSVersion.tls12, .tls13], [nil, 1, 7])
  func handshake(version: TLSVersion, step: Int?) throws {
    let link = try Sample.link(version, step: step)
    try link.shakeHands()
    #expect(link.clientIsComplete && link.serverIsComplete)
    #expect(link.questions == 1)
    #expect(link.client.version == version.description)
    #expect(link.client.cipher == link.server.cipher)
    #expect(link.client.alpn == "ftp" && link.server.alpn == "ftp")
    #expect(link.server.requestedName == "files.example.org")
    #expect(link.client.peerChain == Sample.serverIdentity.chain)
    #expect(!link.client.isResumed && !link.server.isResumed)

    try link.client.write("USER ada\r\n")
    try link.server.write("331 And now the password\r\n")
    link.carryAll()
    #expect(try link.server.readAll() == ("USER ada\r\n", .wantsPeer))
    #expect(try link.client.readAll() == ("331 And now the password\r\n", .wantsPeer))
  }

  @Test("every data connection resumes with a new ticket", arguments: [TLSVersion.tls12, .tls13])
  func resumption(version: TLSVersion) throws {
    let tickets = TicketStore()
    let scope = ResumptionScope()
    let control = try Sample.link(version, tickets: tickets, scope: scope)
    try control.shakeHands()
    _ = try control.client.readAll()
    #expect(tickets.count == (version == .tls13 ? 2 : 1))

    for _ in 0..<6 {
      let ticket = try #require(tickets.take())
      let data = try Sample.link(version, ticket: ticket, tickets: tickets, scope: scope)
      try data.shakeHands()
      #expect(data.client.isResumed && data.server.isResumed)
      #expect(data.questions == 0)
      #expect(data.client.peerChain == Sample.serverIdentity.chain)
      _ = try data.client.readAll()
    }
    #expect(tickets.count == (version == .tls13 ? 2 : 1))
  }
}
