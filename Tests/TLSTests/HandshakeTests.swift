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
}
