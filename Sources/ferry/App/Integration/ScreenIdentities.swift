import FTP
import Glibc
import NIOPosix
import Storage
import SystemPackage
import TLS

/// Client certificates, for the screen.
struct ScreenIdentities: IdentityService {
  let desk: IdentityDesk
  let database: FerryDatabase
  let sessions: SessionDirectory
  let questions: ScreenQuestions
  let inbox: Inbox

  private var workbench: IdentityWorkbench { IdentityWorkbench(store: desk.store) }

  func run(_ task: IdentityTask) async throws {
    do {
      try await perform(task)
    } catch let error as Complaint {
      throw error
    } catch is CancellationError {
      throw Complaint("No passphrase was given, so nothing was changed.")
    } catch {
      throw Complaint(Headless.sentence(error))
    }
  }

  func answerPassphrase(_ id: Int, _ passphrase: SecretBox?) async {
    questions.answerSecret(id, passphrase?.secret)
  }

  private func perform(_ task: IdentityTask) async throws {
    var changed: String?
    switch task {
    case .load: return await load()
    case .create(let plan, let secret):
      let (_, key) = try await inBackground { [store = desk.store] in
        try plan.make(in: store, passphrase: secret?.secret)
      }
      // Whoever has just typed the passphrase twice is not asked for it now.
      await desk.remember(key, for: plan.name)
      await sessions.identityChanged(plan.name)
      await load()
      return inbox.post(.identityMade(plan.name))
    case .install(let name, let path):
      changed = name
      let stored = try workbench.install(try InputFile.read(Self.path(path)), for: name)
      // One line of 80 columns, as all that is said there.
      say(
        IdentityWorkbench.doubt(about: stored.certificate) == nil
          ? "\(name): installed. The one before is kept until a server lets it in."
          : "\(name): installed, but in the old form (version 1) that strict servers refuse.")
    case .takeBack(let name):
      changed = name
      try desk.store.restorePrevious(of: name)
      say("The certificate of \(name) is the one from before again.")
    case .renew(let name):
      changed = name
      let key = try await desk.key(try desk.store.find(name))
      let stored = try workbench.renew(name, key: key, days: NewIdentity.usualDays)
      say(stored.isSelfSigned ? "\(name) has a new certificate." : "\(name) has a new request for its signer.")
    case .setPassphrase(let name, let secret):
      let key = try await desk.key(try desk.store.find(name), anew: true)
      try desk.store.setPassphrase(secret?.secret, of: name, key: key)
      await desk.forget(name)
      say(secret == nil ? "The key of \(name) has no passphrase any more." : "The passphrase of \(name) is changed.")
    case .remove(let name):
      await sessions.identityChanged(name, isGone: true)
      try desk.store.remove(name)
      await desk.forget(name)
      say("\(name) is removed.")
    case .export(let name, let part, let path, let secret):
      return try await export(name, part, path, secret?.secret)
    case .take(let intake):
      try await take(intake)
      changed = intake.name
      say("\(intake.name) is taken over.")
    }
    if let changed { await sessions.identityChanged(changed) }
    await load()
  }

  private func export(_ name: String, _ part: IdentityPart, _ path: String?, _ passphrase: Secret?) async throws {
    let stored = try desk.store.find(name)
    if let path, access(Self.path(path).string, F_OK) == 0 {
      throw Complaint("\(SafeText.escape(path)) is there already. Choose another name.")
    }
    let bytes: [UInt8]
    switch part {
    case .certificate: bytes = Array(stored.certificate.pem.utf8)
    case .request: bytes = Array(try await workbench.request(of: stored) { try await desk.key(stored) }.pem.utf8)
    case .der: bytes = stored.certificate.der
    case .pkcs12:
      guard let passphrase else { throw Complaint("The file was not given a passphrase, so it was not written.") }
      let key = try await desk.key(stored, anew: true)
      bytes = try await inBackground { try workbench.pkcs12(stored, key: key, passphrase: passphrase) }
    }
    if let path {
      try PrivateFile.write(bytes, to: Self.path(path))
      say(part == .pkcs12 ? "\(name) with its key is in \(path)." : "The \(part.title) of \(name) is in \(path).")
    } else {
      let text = String(decoding: bytes, as: UTF8.self)
      inbox.post(.copyWanted(text, said: "The \(part.title) of \(name) is in the clipboard."))
    }
  }

  private func take(_ intake: IdentityIntake) async throws {
    var opening = CredentialOpening(given: { nil }, asker: questions)
    for path in intake.paths { try await opening.read(Self.path(path)) }
    let passphrase = opening.passphrase ?? intake.passphrase?.secret
    guard passphrase != nil || intake.mayStayOpen else {
      throw Complaint("The private key in it has no passphrase. Give it one, or say that it is kept as it is.")
    }
    let files = opening.files
    _ = try await inBackground { try workbench.add(files, as: intake.name, passphrase: passphrase) }
  }

  /// Keys of RSA and passphrases keep a thread busy for a second.
  private func inBackground<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await NIOThreadPool.singleton.runIfActive(body)
  }

  private func say(_ text: String) { inbox.post(.said(SafeText.escape(text), isError: false)) }

  /// Tells all of them, and the sites, which may wait for trust.
  private func load() async {
    let rows = ((try? desk.store.list()) ?? []).map { name, result in
      switch result {
      case .failure(let error): return IdentityRow(name: name, problem: "\(error)")
      case .success(let stored):
        let waiting = (try? database.identityUses.waiting(stored.certificate)) ?? []
        return IdentityRow(
          name: name, sheet: CertificateQuestion.Sheet(stored.certificate), vouched: stored.vouched,
          isEncrypted: stored.isEncrypted, hasRequest: stored.request != nil, isReplacing: stored.previous != nil,
          reminder: stored.reminder(at: desk.store.now)?.description, waiting: waiting.map(\.server))
      }
    }
    inbox.post(.identitiesChanged(rows))
    guard let sites = try? database.sites.list() else { return }
    inbox.post(.sitesChanged(sites.map { SiteChoice($0, database.identityUses) }))
  }

  /// A path as a person types it.
  private static func path(_ text: String) -> FilePath {
    guard text.hasPrefix("~/"), let home = getenv("HOME") else { return LocalPaths.absolute(text) }
    return FilePath(platformString: home).appending(String(text.dropFirst(2)))
  }
}
