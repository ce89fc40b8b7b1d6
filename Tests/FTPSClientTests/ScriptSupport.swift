import FTP
import FTPSClient
import NIOCore
import NIOPosix
import Synchronization
import TLS

struct Unexpected: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// What a script has heard.
final class Heard: Sendable {
  private let bytes = Mutex<[UInt8]>([])
  func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }
  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
  func contains(_ part: String) -> Bool { text.contains(part) }
}

/// Answers every trust question in the same way, and keeps them.
final class Answer: TrustAuthority {
  private let decision: TrustDecision
  private let asked = Mutex<[TrustQuestion]>([])
  init(_ decision: TrustDecision) { self.decision = decision }
  var questions: [TrustQuestion] { asked.withLock { $0 } }

  func judge(_ question: TrustQuestion) async -> TrustDecision {
    asked.withLock { $0.append(question) }
    return decision
  }

  func stands(_ question: TrustQuestion) async -> Bool { decision == .accept }
}

/// Keeps what is downloaded.
actor Collected: ByteSink {
  private(set) var bytes: [UInt8] = []
  var text: String { String(decoding: bytes, as: UTF8.self) }
  func write(_ buffer: ByteBuffer) { bytes += Array(buffer.readableBytesView) }
}

/// The certificates of the scripted servers, made once for the test run.
enum Certificates {
  static let server = make()
  static let other = make()

  private static func make() -> TLSContext {
    do {
      let key = try PrivateKey.generate(.ecP256)
      let certificate = try SelfSignedCertificate.make(
        key: key, commonName: "localhost", names: ["localhost", "127.0.0.1"], days: 2, purpose: .server)
      return try TLSContext.server(identity: Identity(chain: [certificate], key: key))
    } catch {
      fatalError("no certificate for the tests: \(error)")
    }
  }
}

func open(
  _ server: ScriptedServer, mode: TLSMode = .explicit, trust: any TrustAuthority = Answer(.accept),
  _ adjust: (inout Timeouts) -> Void = { _ in }
) async throws -> FTPSession {
  var timeouts = Timeouts()
  timeouts.reply = .seconds(10)
  timeouts.stall = .seconds(10)
  timeouts.farewell = .milliseconds(500)
  adjust(&timeouts)
  let address = ServerAddress(host: "127.0.0.1", port: server.port, mode: mode, user: "ada")
  return try await FTPSession.open(
    SessionConfiguration(
      server: address, password: Secret("lovelace"), trust: trust, roots: .none, timeouts: timeouts),
    on: MultiThreadedEventLoopGroup.singleton)
}

extension ScriptedServer {
  /// A server that lets the client in as any other does; then the script goes on.
  static func standard(_ script: @escaping @Sendable (Peer) throws -> Void) throws -> ScriptedServer {
    try ScriptedServer { peer in
      try peer.secure()
      try peer.logIn()
      try script(peer)
    }
  }
}

extension Peer {
  func secure() throws {
    try send("220 hello\r\n")
    try expect("AUTH TLS")
    try send("234 go on\r\n")
    try startTLS(Certificates.server)
  }

  /// - Parameter features: lines of FEAT.
  func logIn(features: [String] = ["MLST type*;size*;modify*;", "SIZE", "MDTM", "REST STREAM"]) throws {
    let list = features.map { " \($0)\r\n" }.joined()
    for (command, reply) in [
      ("USER ada", "331 password?"), ("PASS lovelace", "230 in"), ("PBSZ 0", "200 ok"), ("PROT P", "200 ok"),
      ("FEAT", "211-Features\r\n\(list)211 end"),
      ("TYPE I", "200 ok"), ("PWD", "257 \"/\" is here"),
    ] {
      try expect(command)
      try send(reply + "\r\n")
    }
  }

  /// Answers EPSV.
  func passive() throws -> DataListener {
    try expect("EPSV")
    let listener = try DataListener()
    try send("229 Extended (|||\(listener.port)|)\r\n")
    return listener
  }

  /// Answers a transfer command with a data connection that is ready.
  func serve(_ command: String) throws -> Peer {
    let listener = try passive()
    try expect(command)
    try send("150 here\r\n")
    let data = listener.accept()
    try data.startTLS(Certificates.server)
    return data
  }
}
