import FTP
import FTPSClient
import Storage
import Synchronization
import TLS
import Transfers

/// Questions that sessions have for the person at the screen, and their answers.
final class ScreenQuestions: TrustAsker, PassphraseAsker {
  private struct Open {
    var certificates: [Int: CheckedContinuation<TrustDesk.Answer, Never>] = [:]
    /// Passwords and passphrases.
    var secrets: [Int: CheckedContinuation<Secret?, Never>] = [:]
    var last = 0
    var passwords: [ServerAddress: PasswordWish] = [:]
  }

  /// Those who want the password of a server now.
  private struct PasswordWish {
    var askers = 0
    /// How often the person has not given it since the first of them came.
    var refusals = 0
  }

  private let inbox: Inbox
  private let open = Mutex(Open())
  private let passwordTurns = Turns()

  init(inbox: Inbox) { self.inbox = inbox }

  // MARK: Asking

  func ask(_ inquiry: TrustInquiry) async -> TrustDesk.Answer {
    await withCheckedContinuation { continuation in
      let id = open.withLock { open in
        open.last += 1
        open.certificates[open.last] = continuation
        return open.last
      }
      inbox.post(.asked(.certificate(CertificateQuestion(id: id, inquiry))))
    }
  }

  /// Makes sure that the password for a server is known, with one question at a time: two panes and the queue may want
  /// the same one. Whoever waits already when the person does not give it is not asked again.
  ///
  /// - Returns: false where nobody gives it, or the task is cancelled.
  func password(for server: ServerAddress, refusal: String?, in sessions: SessionDirectory) async -> Bool {
    let refusals = open.withLock { open in
      open.passwords[server, default: PasswordWish()].askers += 1
      return open.passwords[server]?.refusals
    }
    defer {
      open.withLock { open in
        open.passwords[server]?.askers -= 1
        if open.passwords[server]?.askers == 0 { open.passwords[server] = nil }
      }
    }
    do { try await passwordTurns.take() } catch { return false }
    var isKnown = server.user != nil ? await sessions.knowsPassword(for: server) : false
    if !isKnown, open.withLock({ $0.passwords[server]?.refusals }) == refusals {
      let password = await secret(settled: AppEvent.passwordSettled) { id in
        .password(PasswordQuestion(id: id, server: server, refusal: refusal))
      }
      if let password {
        await sessions.setPassword(password, for: server)
        isKnown = true
      } else if !Task.isCancelled {
        open.withLock { $0.passwords[server]?.refusals += 1 }
      }
    }
    await passwordTurns.pass()
    return isKnown
  }

  /// How many want the password of a server now.
  func askers(for server: ServerAddress) -> Int { open.withLock { $0.passwords[server]?.askers ?? 0 } }

  /// Asks for the passphrase of a client certificate's key.
  func passphrase(for name: String, wasWrong: Bool) async -> Secret? {
    await secret(settled: AppEvent.passphraseSettled) { id in
      .passphrase(PassphraseQuestion(id: id, name: name, wasWrong: wasWrong))
    }
  }

  /// Asks for what must not be seen. A question whose task is cancelled goes away by itself.
  private func secret(
    settled: @Sendable (Int) -> AppEvent, question: (Int) -> Question
  ) async -> Secret? {
    let id = open.withLock { open in
      open.last += 1
      return open.last
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { return continuation.resume(returning: nil) }
        open.withLock { $0.secrets[id] = continuation }
        inbox.post(.asked(question(id)))
      }
    } onCancel: {
      answerSecret(id, nil)
      inbox.post(settled(id))
    }
  }

  // MARK: Answers

  func answerCertificate(_ id: Int, _ answer: TrustDesk.Answer) {
    open.withLock { $0.certificates.removeValue(forKey: id) }?.resume(returning: answer)
  }

  /// Answers for a password or a passphrase; nil where the person gave none.
  func answerSecret(_ id: Int, _ secret: Secret?) {
    open.withLock { $0.secrets.removeValue(forKey: id) }?.resume(returning: secret)
  }
}

extension CertificateQuestion {
  init(id: Int, _ inquiry: TrustInquiry) {
    let question = inquiry.question
    let sheets = CertificateSheet.sheets(of: question.chain)
    self.init(
      id: id, host: question.server.host, port: question.server.port, mode: "\(question.server.mode.rawValue) TLS",
      session: "\(question.tlsVersion), \(question.cipher)", certificate: sheets[0],
      issuers: Array(sheets.dropFirst()), problems: question.problems.map { "\($0)" },
      issuer: inquiry.issuer.map { CertificateSheet($0).title },
      previous: zip(inquiry.previous, inquiry.changes).map { old, change in
        Previous(
          sheet: CertificateSheet(old.certificate), kind: old.kind.words, note: old.note, firstSeen: old.firstSeen,
          lastSeen: old.lastSeen, change: change)
      })
  }
}
