import FTP
import FTPSClient
import NIOPosix
import Synchronization

/// Learns what certificate a server shows, without logging in: the handshake is ended when it has come.
enum CertificateFetch {
  /// - Throws: `FTPSError` where the server shows none.
  static func question(to server: ServerAddress) async throws -> TrustQuestion {
    let witness = Witness()
    do {
      let session = try await FTPSession.open(
        SessionConfiguration(server: server, trust: witness), on: MultiThreadedEventLoopGroup.singleton)
      await session.quit()
    } catch let error as FTPSError {
      guard let seen = witness.seen else { throw error }
      return seen
    }
    guard let seen = witness.seen else { throw FTPSError.certificateRejected("the server showed no certificate") }
    return seen
  }

  /// Looks at the certificate and says no.
  private final class Witness: TrustAuthority {
    private let question = Mutex<TrustQuestion?>(nil)
    var seen: TrustQuestion? { question.withLock { $0 } }

    func judge(_ question: TrustQuestion) async -> TrustDecision {
      self.question.withLock { $0 = question }
      return .reject("it was only to be looked at")
    }

    func stands(_ question: TrustQuestion) async -> Bool { false }
  }
}
