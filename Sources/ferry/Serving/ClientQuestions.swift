import FTP
import Storage
import Synchronization
import TLS

/// Asks the owner of a server, at its terminal, about clients whose certificates wait for a decision: one after another,
/// and about each once as long as the server runs.
final class ClientQuestions: Sendable {
  private let asked = Mutex<Set<ServerClient.ID>>([])
  private let clients: AsyncStream<ServerClient>
  private let incoming: AsyncStream<ServerClient>.Continuation

  init() {
    // As many as wait at most in the state; later ones are found with `ferry serve clients list`.
    (clients, incoming) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(ServerClients.pendingLimit))
  }

  /// A client has come whose certificate waits.
  func received(_ client: ServerClient) {
    if asked.withLock({ $0.insert(client.id).inserted }) { incoming.yield(client) }
  }

  /// Asks until the task is cancelled; does nothing without a terminal.
  ///
  /// - Parameter afterwards: called when a question is over.
  func run(_ state: ServerState, afterwards: @escaping @Sendable () -> Void) async {
    for await client in clients {
      // A question from the background would stop the whole server.
      guard ControllingTerminal.isForeground else { continue }
      _ = await ControllingTerminal.converse { terminal in
        guard Self.isPending(client, in: state) else { return }
        terminal.say(Self.text(client))
        let decision = Self.ask(terminal)
        // Another process may have been asked meanwhile: the first decision stands.
        guard let decision, Self.isPending(client, in: state) else { return }
        do {
          try state.clients.decide(decision, about: client.certificate)
          terminal.say(decision == .trusted ? "It is trusted from now on.\n" : "It is rejected from now on.\n")
        } catch {
          terminal.say("\(error)\n")
        }
      }
      afterwards()
    }
  }

  private static func isPending(_ client: ServerClient, in state: ServerState) -> Bool {
    (try? state.clients.find(client.certificate.sha256))??.decision == .pending
  }

  private static func ask(_ terminal: ControllingTerminal.Conversation) -> ServerClient.Decision? {
    while true {
      guard let line = terminal.answer(to: "Trust it? [t]rust, [r]eject, [l]ater (l): ") else { return nil }
      switch String(decoding: line.filter { $0 > 0x20 }, as: UTF8.self).lowercased() {
      case "t", "trust": return .trusted
      case "r", "reject": return .rejected
      case "", "l", "later": return nil
      default: terminal.say("Please type trust, reject or later.\n")
      }
    }
  }

  private static func text(_ client: ServerClient) -> String {
    let lines =
      ["", "A client at \(SafeText.escape(client.address)) showed a certificate that is not trusted yet:"]
      + CertificateText(client.certificate).lines.map { "  " + $0 }
      + ["Its owner sees the same fingerprint: compare them before you trust it."]
    return lines.joined(separator: "\n") + "\n"
  }
}
