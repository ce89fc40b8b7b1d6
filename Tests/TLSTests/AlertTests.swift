import TLS
import Testing

@Suite struct AlertTests {
  @Test("no common version: the client hears it from the server")
  func versions() throws {
    let link = MemoryLink(
      client: TLSSession(client: try .client(maximum: .tls12), serverName: nil),
      server: TLSSession(
        server: try .server(identity: Sample.serverIdentity, minimum: .tls13), scope: ResumptionScope()))
    #expect(throws: TLSError.failed(reason: "unsupported protocol", alert: .protocolVersion)) {
      try link.shakeHands()
    }
    link.carry(from: link.server, to: link.client)
    #expect(throws: TLSError.peerAlert(.protocolVersion)) { try link.client.handshake() }
  }

  @Test(
    "a client without the certificate that is required: at once in TLS 1.2, by the first read in TLS 1.3",
    arguments: [TLSVersion.tls12, .tls13])
  func certificateRequired(version: TLSVersion) throws {
    let link = try certificateLink(version, identity: nil, policy: .require(accepts: { _ in true }))
    let error = try clientError(link)
    #expect(error == .peerAlert(version == .tls12 ? .handshakeFailure : .certificateRequired))
    #expect(link.client.wasAskedForCertificate)
  }

  @Test("a client whose certificate is not accepted", arguments: [TLSVersion.tls12, .tls13], [true, false])
  func certificateRefused(version: TLSVersion, isRequired: Bool) throws {
    let mine = try Sample.identity(commonName: "ada", purpose: .client)
    let link = try certificateLink(
      version, identity: mine,
      policy: isRequired ? .require(accepts: { _ in false }) : .request(accepts: { _ in false }))
    let error = try clientError(link)
    guard case .peerAlert(let alert) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(alert.isAboutCertificate, "\(alert)")
    #expect(link.client.wasAskedForCertificate)
  }

  @Test("a client may do without a certificate that is only asked for", arguments: [TLSVersion.tls12, .tls13])
  func certificateOptional(version: TLSVersion) throws {
    let link = try certificateLink(version, identity: nil, policy: .request(accepts: { _ in false }))
    try link.shakeHands()
    #expect(link.clientIsComplete && link.serverIsComplete)
    #expect(link.server.peerChain.isEmpty && link.server.peerLeaf == nil)
    #expect(link.client.wasAskedForCertificate)
    #expect(link.client.acceptedIssuers.isEmpty)
  }

  @Test("a client that offers other protocols than FTP is refused, unless offers are ignored")
  func applicationProtocols() throws {
    func link(_ policy: ApplicationProtocolPolicy, _ offered: String?) throws -> MemoryLink {
      MemoryLink(
        client: TLSSession(client: Sample.client, serverName: nil, alpn: offered),
        server: TLSSession(
          server: try .server(identity: Sample.serverIdentity, applicationProtocols: policy),
          scope: ResumptionScope()))
    }
    let refused = try link(.ftpOrNone, "http/1.1")
    #expect(throws: TLSError.self) { try refused.shakeHands() }
    refused.carry(from: refused.server, to: refused.client)
    #expect(throws: TLSError.peerAlert(.noApplicationProtocol)) { try refused.client.handshake() }

    for (policy, offered) in [(ApplicationProtocolPolicy.ignored, "http/1.1"), (.ftpOrNone, nil)] {
      let fine = try link(policy, offered)
      try fine.shakeHands()
      #expect(fine.clientIsComplete && fine.client.alpn == nil)
    }
  }

  @Test(
    "a peer that does not speak TLS is named so",
    arguments: [
      "220 Welcome to the plain FTP server\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n",
      "\0\0\0\0\0\0",
    ])
  func plaintext(greeting: String) throws {
    let client = TLSSession(client: Sample.client, serverName: nil)
    _ = try client.handshake()
    Array(greeting.utf8).withUnsafeBytes { client.receive($0) }
    #expect(throws: TLSError.notTLS) { try client.handshake() }
  }

  @Test("a certificate of a megabyte is refused before it is read", arguments: [TLSVersion.tls12, .tls13])
  func hugeCertificate(version: TLSVersion) throws {
    let key = try PrivateKey.generate(.ecP256)
    let names = (0..<40_000).map { "host-\($0).files.example.org" }
    let huge = try SelfSignedCertificate.make(key: key, commonName: "huge", names: names, days: 1, purpose: .server)
    #expect(huge.der.count > 1 << 20)
    #expect(huge.details.names == names)
    let server = try TLSContext.server(identity: Identity(chain: [huge], key: key))
    let link = try Sample.link(version, server: server)
    #expect(throws: TLSError.oversizedCertificates) { try link.shakeHands() }
    #expect(link.questions == 0)
  }

  @Test("a client that does not speak TLS is named so")
  func plaintextClient() throws {
    let server = TLSSession(server: Sample.server, scope: ResumptionScope())
    Array("USER anonymous\r\nPASS a@b\r\n".utf8).withUnsafeBytes { server.receive($0) }
    #expect(throws: TLSError.notTLS) { try server.handshake() }
  }

  @Test(
    "names go to the server, addresses do not",
    arguments: [
      ("files.example.org", "files.example.org"), ("FILES.example.org.", "files.example.org"), ("127.0.0.1", nil),
      ("::1", nil), ("[::1]", nil), ("fe80::1%eth0", nil), ("bücher.example", "xn--bcher-kva.example"), (nil, nil),
    ])
  func serverName(name: String?, expected: String?) throws {
    let link = MemoryLink(
      client: TLSSession(client: Sample.client, serverName: name),
      server: TLSSession(server: Sample.server, scope: ResumptionScope()))
    try link.shakeHands()
    #expect(link.server.requestedName == expected)
  }

  private func certificateLink(
    _ version: TLSVersion, identity: Identity?, policy: ClientCertificatePolicy
  ) throws -> MemoryLink {
    MemoryLink(
      client: TLSSession(client: try .client(identity: identity, maximum: version), serverName: nil),
      server: TLSSession(
        server: try .server(identity: Sample.serverIdentity, clientCertificates: policy), scope: ResumptionScope()))
  }

  /// Runs until the server has failed, and gives what the client makes of it.
  private func clientError(_ link: MemoryLink) throws -> TLSError? {
    #expect(throws: TLSError.self) { try link.shakeHands() }
    link.carry(from: link.server, to: link.client)
    do throws(TLSError) {
      if try link.client.handshake() == .complete { _ = try link.client.readAll() }
      return nil
    } catch {
      return error
    }
  }
}
