import FTP
import FTPSClient
import SystemPackage
import Transfers

/// What items of the queue need to know from a person.
extension ScreenTransfers {
  func ask(_ question: Transfers.Question, _ row: QueueSnapshot.Row) {
    switch question {
    case .conflict(let conflict):
      put.insert(row.id)
      inbox.post(.asked(.conflict(ConflictQuestion(row, conflict))))
    case .credentials(let server, _, let refusal): askPassword(server, refusal)
    case .server(let server, let reason): askAboutTrouble(reason, row) { .server("\(server)") }
    case .volume(let reason):
      askAboutTrouble(reason, row) { [freeSpace] in
        guard case .local(let target) = row.target else { return .noRoom(free: nil) }
        return .noRoom(free: await freeSpace.bytes(at: target.removingLastComponent()))
      }
    }
  }

  /// Asks once, however often that is wanted before the question is there.
  private func askAboutTrouble(
    _ reason: String, _ row: QueueSnapshot.Row, _ kind: @escaping @Sendable () async -> TroubleQuestion.Kind
  ) {
    guard preparing.insert(row.id).inserted else { return }
    Task {
      let kind = await kind()
      let weight = await queue.weighWaiting(with: row.id)
      preparing.remove(row.id)
      guard case .needsYou = await queue.row(row.id)?.state else { return }
      put.insert(row.id)
      inbox.post(
        .asked(.trouble(TroubleQuestion(item: row.id.rawValue, kind: kind, reason: reason, weight: weight))))
    }
  }

  private func askPassword(_ server: ServerAddress, _ refusal: String?) {
    guard passwordsAsked.insert(server).inserted else { return }
    Task {
      // The one that is known was refused.
      if refusal != nil { await sessions.setPassword(nil, for: server) }
      visiting.insert(server)
      let mistrust = await mistrust(of: server)
      let isKnown = mistrust == nil ? await questions.password(for: server, refusal: refusal, in: sessions) : false
      passwordsAsked.remove(server)
      if isKnown { await queue.serverReady(server) }
      visiting.remove(server)
      guard let mistrust else { return }
      inbox.post(.said("\(SafeText.escape("\(server)")): \(mistrust) Its transfers wait.", isError: true))
    }
  }

  /// Opens a session without the password, so that nobody types it for a server whose certificate nobody has seen.
  ///
  /// - Returns: why the certificate is not trusted; nil where it is, and where the server cannot be reached now.
  private func mistrust(of server: ServerAddress) async -> FTPSError? {
    if await sessions.knowsPassword(for: server) { return nil }
    do {
      try await sessions.pool(anyway: server).withSession { _ in }
    } catch FTPSError.certificateRejected(let reason) {
      return .certificateRejected(reason)
    } catch {}
    return nil
  }

  /// Takes back what was asked about items that do not need an answer any more.
  func takeBackQuestions() async {
    for id in put {
      if case .needsYou = await queue.row(id)?.state { continue }
      put.remove(id)
      inbox.post(.itemSettled(id.rawValue))
    }
  }
}
