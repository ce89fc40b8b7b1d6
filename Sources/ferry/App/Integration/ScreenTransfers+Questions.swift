import FTP
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
      let isKnown = await questions.password(for: server, refusal: refusal, in: sessions)
      passwordsAsked.remove(server)
      guard isKnown else { return }
      await queue.serverReady(server)
    }
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
