import FTP
import FTPSClient

/// Opens sessions for panes, and asks for passwords as long as somebody gives them.
struct ScreenConnections: ConnectService {
  let sessions: SessionDirectory
  let desk: TrustDesk
  let identities: IdentityDesk
  let questions: ScreenQuestions
  let transfers: ScreenTransfers
  private let visits = Visits()

  init(
    sessions: SessionDirectory, desk: TrustDesk, identities: IdentityDesk, questions: ScreenQuestions,
    transfers: ScreenTransfers
  ) async {
    (self.sessions, self.desk, self.identities) = (sessions, desk, identities)
    (self.questions, self.transfers) = (questions, transfers)
    await desk.setCompany(
      TrustDesk.Company { [visits] in
        visits.contains($0)
      } isNeeded: {
        await transfers.needs($0)
      } onEnd: {
        await sessions.closeAll(with: $0)
      })
  }

  func connect(_ request: ConnectRequest) async throws -> (server: ServerAddress, folder: RemotePath) {
    let server = request.server
    if let password = request.password { await sessions.setPassword(password.secret, for: server) }
    try await chooseIdentity(for: request)
    if await desk.cameBack(to: server) { await sessions.closeAll(with: server) }
    // As the server's certificate comes first, nobody types a password for the wrong server; and some want none.
    var wantsPassword = false
    var refusal: String?
    while true {
      if wantsPassword, let user = server.user,
        await !questions.password(for: server, refusal: refusal, in: sessions)
      {
        if Task.isCancelled { throw CancellationError() }
        throw Complaint("No password was given for \(SafeText.escape(user)). F2 connects again.")
      }
      do {
        let home = try await sessions.pool(anyway: server).withSession(for: .browsing) { $0.facts.home }
        return (server, home)
      } catch FTPSError.passwordNeeded {
        wantsPassword = true
      } catch FTPSError.loginRefused(let reply) where server.user != nil {
        wantsPassword = true
        refusal = SafeText.escape(reply.text)
        await sessions.setPassword(nil, for: server)
      } catch FTPSError.cancelled {
        if Task.isCancelled { throw CancellationError() }
        // Its pool was closed meanwhile, as when somebody gives the password for the queue: the next one knows it.
      }
    }
  }

  /// The client certificate for a connection: the chosen one, else that of the site or the command line.
  private func chooseIdentity(for request: ConnectRequest) async throws {
    do {
      guard let name = request.identity else {
        try await sessions.prepareIdentity(for: request.server)
        return
      }
      await sessions.setIdentity(try await identities.identity(name), for: request.server)
    } catch is CancellationError {
      if Task.isCancelled { throw CancellationError() }
      throw Complaint("No passphrase was given for the client certificate. F2 connects again.")
    }
  }

  func visit(_ servers: Set<ServerAddress>) {
    for server in visits.change(to: servers) {
      Task {
        // Somebody may be back already.
        if !visits.contains(server) { await leave(server) }
      }
    }
  }

  func disconnect(_ server: ServerAddress) async {
    await sessions.close(server)
    if !visits.contains(server, besides: server) { await leave(server) }
  }

  /// Nobody is at a server any more: what was accepted for that connection is over, once nothing needs it, and so are
  /// its idle sessions. Those of a server that is trusted for good stay for the next time.
  private func leave(_ server: ServerAddress) async {
    await desk.left(server) { [transfers] in
      await transfers.needs(server)
    } onEnd: { [sessions] in
      await sessions.closeAll(with: server)
    }
  }

  func answerCertificate(_ id: Int, _ answer: TrustDesk.Answer) async { questions.answerCertificate(id, answer) }

  func answerPassword(_ id: Int, _ password: Secret?) async { questions.answerSecret(id, password) }
}
