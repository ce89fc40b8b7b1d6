import TLS
import Testing

@Suite struct ClosingTests {
  @Test(
    "each side closes for itself, and the other direction stays open", arguments: [TLSVersion.tls12, .tls13], [nil, 1])
  func halves(version: TLSVersion, step: Int?) throws {
    let link = try Sample.link(version, step: step)
    try link.shakeHands()
    try link.client.write("the last line")
    link.client.sendCloseNotify()
    link.client.sendCloseNotify()
    link.carryAll()
    #expect(try link.server.readAll() == ("the last line", .closeNotify))
    #expect(try link.server.readAll() == ("", .closeNotify))
    #expect(link.server.hasReceivedCloseNotify)

    try link.server.write("still here")
    link.carryAll()
    #expect(try link.client.readAll() == ("still here", .wantsPeer))
    link.server.sendCloseNotify()
    link.carryAll()
    #expect(try link.client.readAll() == ("", .closeNotify))
    // The end of TCP after it is no truncation.
    link.client.endOfInput()
    #expect(try link.client.readAll() == ("", .closeNotify))
  }

  @Test("an end without close_notify is a truncation, told after the bytes", arguments: [TLSVersion.tls12, .tls13])
  func truncation(version: TLSVersion) throws {
    let link = try Sample.link(version)
    try link.shakeHands()
    try link.server.write("half of a fi")
    link.carryAll()
    link.client.endOfInput()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 1)
    defer { buffer.deallocate() }
    #expect(try link.client.read(into: buffer) == .bytes(12))
    #expect(throws: TLSError.truncated) { try link.client.read(into: buffer) }
    #expect(throws: TLSError.truncated) { try link.client.read(into: buffer) }
  }

  @Test("an end within a record is a truncation", arguments: [TLSVersion.tls12, .tls13])
  func truncatedRecord(version: TLSVersion) throws {
    let link = try Sample.link(version)
    try link.shakeHands()
    link.carryAll()
    try link.server.write("a line that is cut")
    link.server.withPendingCiphertext { bytes in
      link.client.receive(UnsafeRawBufferPointer(rebasing: bytes.dropLast()))
    }
    link.client.endOfInput()
    #expect(throws: TLSError.truncated) { try link.client.readAll() }
  }

  @Test("every cut of the handshake is a closed handshake, never complete", arguments: [TLSVersion.tls12, .tls13])
  func cutHandshake(version: TLSVersion) throws {
    let whole = try Sample.link(version)
    _ = try whole.client.handshake()
    whole.carry(from: whole.client, to: whole.server)
    _ = try whole.server.handshake()
    let flight = whole.server.withPendingCiphertext { Array($0) }
    #expect(flight.count > 500)
    for count in stride(from: 0, to: flight.count, by: 13) {
      let link = try Sample.link(version)
      _ = try link.client.handshake()
      link.carry(from: link.client, to: link.server)
      _ = try link.server.handshake()
      link.server.withPendingCiphertext { bytes in
        link.client.receive(UnsafeRawBufferPointer(rebasing: bytes.prefix(min(count, bytes.count - 1))))
      }
      link.client.endOfInput()
      #expect(throws: TLSError.closedDuringHandshake) {
        if try link.client.handshake() == .needsVerdict {
          link.client.answer(accepted: true)
          _ = try link.client.handshake()
        }
      }
    }
  }

  @Test("a changed byte in the data is a failure that both sides hear of", arguments: [TLSVersion.tls12, .tls13])
  func damage(version: TLSVersion) throws {
    let link = try Sample.link(version)
    try link.shakeHands()
    link.carryAll()
    try link.server.write("important")
    var bytes = link.server.withPendingCiphertext { Array($0) }
    bytes[bytes.count - 3] ^= 1
    bytes.withUnsafeBytes { link.client.receive($0) }
    #expect(throws: TLSError.failed(reason: "decryption failed or bad record mac", alert: TLSAlert(rawValue: 20))) {
      try link.client.readAll()
    }
    link.carry(from: link.client, to: link.server)
    #expect(throws: TLSError.peerAlert(TLSAlert(rawValue: 20))) { try link.server.readAll() }
  }
}
