import COpenSSL
import Testing

@testable import TLS

@Suite struct ResumptionTests {
  @Test("every data connection resumes with a new ticket", arguments: [TLSVersion.tls12, .tls13], [nil, 1])
  func chain(version: TLSVersion, step: Int?) throws {
    let tickets = TicketStore()
    let scope = ResumptionScope()
    let control = try Sample.link(version, step: step, tickets: tickets, scope: scope)
    try control.shakeHands()
    _ = try control.client.readAll()
    #expect(tickets.count == (version == .tls13 ? 2 : 1))

    for _ in 0..<6 {
      let ticket = try #require(tickets.take())
      let data = try Sample.link(version, step: step, ticket: ticket, tickets: tickets, scope: scope)
      try data.shakeHands()
      #expect(data.client.isResumed && data.server.isResumed)
      #expect(data.questions == 0)
      #expect(data.client.peerChain == Sample.serverIdentity.chain)
      #expect(data.client.peerLeaf == Sample.serverIdentity.chain[0])
      _ = try data.client.readAll()
    }
    #expect(tickets.count == (version == .tls13 ? 2 : 1))
  }

  @Test("a ticket of TLS 1.3 is taken once while there are others, a session of TLS 1.2 as often as needed")
  func singleUse() throws {
    let (old, new) = (TicketStore(), TicketStore())
    for (version, tickets) in [(TLSVersion.tls12, old), (.tls13, new)] {
      let link = try Sample.link(version, tickets: tickets)
      try link.shakeHands()
      _ = try link.client.readAll()
    }
    #expect(old.take() === old.take())
    #expect(old.take()?.isReusable == true)
    let (first, second) = (new.take(), new.take())
    #expect(first != nil && second != nil && first !== second)
    #expect(first?.isReusable == false)
    #expect(new.take() === second, "the last one is used again where no other is left")
  }

  @Test("tickets outlive a connection that ended in no order", arguments: [TLSVersion.tls12, .tls13])
  func survival(version: TLSVersion) throws {
    let tickets = TicketStore()
    let scope = ResumptionScope()
    func cutOff() throws {
      let control = try Sample.link(version, tickets: tickets, scope: scope)
      try control.shakeHands()
      _ = try control.client.readAll()
      control.client.endOfInput()
      #expect(throws: TLSError.truncated) { try control.client.readAll() }
      control.server.endOfInput()
      #expect(throws: TLSError.truncated) { try control.server.readAll() }
    }
    try cutOff()
    let data = try Sample.link(version, ticket: tickets.take(), scope: scope)
    try data.shakeHands()
    #expect(data.client.isResumed)
  }

  @Test("a session of another control connection is not resumed", arguments: [TLSVersion.tls12, .tls13])
  func foreignScope(version: TLSVersion) throws {
    let tickets = TicketStore()
    let control = try Sample.link(version, tickets: tickets)
    try control.shakeHands()
    _ = try control.client.readAll()
    let data = try Sample.link(version, ticket: tickets.take(), scope: ResumptionScope())
    try data.shakeHands()
    #expect(!data.client.isResumed && !data.server.isResumed)
    #expect(data.questions == 1)
  }

  @Test("a client of TLS 1.2 without tickets resumes by session identifier, within its scope")
  func sessionIdentifiers() throws {
    let tickets = TicketStore()
    let scope = ResumptionScope()
    let context = try TLSContext.client(maximum: .tls12)
    SSL_CTX_set_options(context.pointer, UInt64(1) << 14)  // SSL_OP_NO_TICKET
    func connect(_ ticket: TLSTicket?, _ scope: ResumptionScope) throws -> MemoryLink {
      let link = MemoryLink(
        client: TLSSession(client: context, serverName: "files.example.org", ticket: ticket, tickets: tickets),
        server: TLSSession(server: Sample.server, scope: scope))
      try link.shakeHands()
      return link
    }
    let control = try connect(nil, scope)
    #expect(!control.client.isResumed)
    for _ in 0..<3 { #expect(try connect(tickets.take(), scope).server.isResumed) }
    #expect(try !connect(tickets.take(), ResumptionScope()).server.isResumed)
  }

  @Test("a store keeps the newest tickets of a server that sends them without end")
  func limit() throws {
    let tickets = TicketStore()
    for _ in 0..<20 {
      let link = try Sample.link(.tls13, tickets: tickets)
      try link.shakeHands()
      _ = try link.client.readAll()
    }
    #expect(tickets.count == 16)
    tickets.removeAll()
    #expect(tickets.take() == nil)
  }

  @Test(
    "the server knows the client's certificate again on a resumed connection", arguments: [TLSVersion.tls12, .tls13])
  func clientCertificate(version: TLSVersion) throws {
    let mine = try Sample.identity(commonName: "ada", purpose: .client)
    let server = try TLSContext.server(
      identity: Sample.serverIdentity, clientCertificates: .require(accepts: { $0 == mine.chain }))
    let client = try TLSContext.client(identity: mine, maximum: version)
    let (tickets, scope) = (TicketStore(), ResumptionScope())
    for isResumed in [false, true, true] {
      let link = MemoryLink(
        client: TLSSession(client: client, serverName: nil, ticket: tickets.take(), tickets: tickets),
        server: TLSSession(server: server, scope: scope))
      try link.shakeHands()
      _ = try link.client.readAll()
      #expect(link.server.isResumed == isResumed)
      #expect(link.server.peerChain == mine.chain)
    }
  }
}
