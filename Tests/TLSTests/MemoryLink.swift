import Glibc

@testable import TLS

/// A client and a server session joined in memory.
final class MemoryLink {
  let client: TLSSession
  let server: TLSSession
  /// How many bytes the other side gets at a time; nil: all that there are.
  let step: Int?
  /// The answer on the server's certificate; nil leaves the question open.
  var accepts: Bool? = true
  private(set) var questions = 0
  private(set) var clientIsComplete = false
  private(set) var serverIsComplete = false

  init(client: TLSSession, server: TLSSession, step: Int? = nil) {
    self.client = client
    self.server = server
    self.step = step
  }

  /// Runs both handshakes until neither goes on without an answer.
  func shakeHands() throws(TLSError) {
    while true {
      var moved = false
      if !clientIsComplete {
        switch try client.handshake() {
        case .complete: (clientIsComplete, moved) = (true, true)
        case .wantsPeer: break
        case .needsVerdict:
          questions += 1
          if let accepts {
            client.answer(accepted: accepts)
            moved = true
          }
        }
      }
      moved = carry(from: client, to: server) || moved
      if !serverIsComplete, try server.handshake() == .complete { (serverIsComplete, moved) = (true, true) }
      moved = carry(from: server, to: client) || moved
      if !moved { return }
    }
  }

  /// Brings what is pending to the other side, at most `step` bytes; whether there was any.
  @discardableResult
  func carry(from: TLSSession, to: TLSSession) -> Bool {
    let bytes = from.withPendingCiphertext { Array($0.prefix(step ?? $0.count)) }
    from.dropPendingCiphertext(bytes.count)
    if !bytes.isEmpty { bytes.withUnsafeBytes { to.receive($0) } }
    return !bytes.isEmpty
  }

  func carryAll() {
    while carry(from: client, to: server) || carry(from: server, to: client) {}
  }
}

extension TLSSession {
  func write(_ text: String) throws(TLSError) {
    let bytes = Array(text.utf8)
    do {
      try bytes.withUnsafeBytes { try write($0) }
    } catch let error as TLSError {
      throw error
    } catch {
      preconditionFailure("not a TLS error")
    }
  }

  /// All that there is to read, and how it ended.
  func readAll() throws(TLSError) -> (text: String, end: Received) {
    var all: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      switch try read(into: buffer) {
      case .bytes(let count): all += buffer[..<count]
      case let end: return (String(decoding: all, as: UTF8.self), end)
      }
    }
  }
}

/// Contexts and certificates that many tests share, made once.
enum Sample {
  static let serverIdentity = try! identity()
  static let rsaIdentity = try! identity(.rsa(bits: 2048))
  static let server = try! TLSContext.server(identity: serverIdentity)
  static let client = try! TLSContext.client()

  static func identity(
    _ kind: PrivateKey.Kind = .ecP256, commonName: String = "files.example.org",
    purpose: SelfSignedCertificate.Purpose = .server
  ) throws -> Identity {
    let key = try PrivateKey.generate(kind)
    return try Identity(
      chain: [
        try SelfSignedCertificate.make(
          key: key, commonName: commonName, names: [commonName, "127.0.0.1"], days: 30, purpose: purpose)
      ], key: key)
  }

  static func link(
    _ version: TLSVersion, step: Int? = nil, ticket: TLSTicket? = nil, tickets: TicketStore? = nil,
    scope: ResumptionScope = ResumptionScope(), server: TLSContext? = nil
  ) throws -> MemoryLink {
    MemoryLink(
      client: TLSSession(
        client: try .client(maximum: version), serverName: "files.example.org", ticket: ticket, tickets: tickets,
        alpn: "ftp"),
      server: TLSSession(server: server ?? Self.server, scope: scope), step: step)
  }
}

/// The time, in seconds since 1970.
func now() -> Int64 {
  Int64(time(nil))
}
