import FTP
import FTPSClient
import NIOCore
import NIOPosix
import Synchronization
import TLS
import TestSupport

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

func open(
  _ server: ScriptedServer, mode: TLSMode = .explicit, trust: any TrustAuthority = Answer(.accept),
  _ adjust: (inout Timeouts) -> Void = { _ in }
) async throws -> FTPSession {
  try await open(configuration(server, mode: mode, trust: trust, adjust))
}

/// One for several sessions, which share what they learn of the server.
func configuration(
  _ server: ScriptedServer, mode: TLSMode = .explicit, trust: any TrustAuthority = Answer(.accept),
  _ adjust: (inout Timeouts) -> Void = { _ in }
) -> SessionConfiguration {
  var timeouts = Timeouts()
  timeouts.reply = .seconds(10)
  timeouts.stall = .seconds(10)
  timeouts.farewell = .milliseconds(500)
  adjust(&timeouts)
  let address = ServerAddress(host: "127.0.0.1", port: server.port, mode: mode, user: "ada")
  return SessionConfiguration(
    server: address, password: Secret("lovelace"), trust: trust, roots: .none, timeouts: timeouts)
}

func open(_ configuration: SessionConfiguration) async throws -> FTPSession {
  try await FTPSession.open(configuration, on: MultiThreadedEventLoopGroup.singleton)
}
