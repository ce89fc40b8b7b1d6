import FTP
import FTPSClient
import Storage
import TLS

/// The client certificates of this process: each is opened once, with its passphrase, and then shown to any server that
/// it is set for. What servers make of them is noted.
actor IdentityDesk: IdentityObserver {
  /// How often a person may try a passphrase.
  static let attempts = 3

  let store: IdentityStore
  private let database: FerryDatabase
  private let passphrase: @Sendable () throws -> Secret?
  private let asker: (any PassphraseAsker)?
  private let notice: @Sendable (String) -> Void
  private var keys: [String: PrivateKey] = [:]
  private var identities: [String: ClientIdentity] = [:]
  private var open: [String: Task<ClientIdentity, any Error>] = [:]
  private var reminded: Set<String> = []

  /// - Parameters:
  ///   - passphrase: what a file or a command says it is; nil where there is neither.
  ///   - notice: takes what a person has to know, such as that a certificate expires soon.
  init(
    store: IdentityStore, database: FerryDatabase, passphrase: @escaping @Sendable () throws -> Secret?,
    asker: (any PassphraseAsker)?, notice: @escaping @Sendable (String) -> Void
  ) {
    self.store = store
    self.database = database
    self.passphrase = passphrase
    self.asker = asker
    self.notice = notice
  }

  /// The certificate of this name with its key; a person is asked for the passphrase where it is needed and not known.
  ///
  /// - Throws: `StorageError`, `TLSError`, ``UsageProblem``; `CancellationError` where nobody gives a passphrase.
  func identity(_ name: String) async throws -> ClientIdentity {
    let stored = try store.find(name)
    if let known = identities[name], known.identity.chain == stored.chain { return known }
    if let running = open[name] { return try await running.value }
    let task = Task { try await load(stored) }
    open[name] = task
    defer { open[name] = nil }
    let identity = try await task.value
    identities[name] = identity
    if let reminder = stored.reminder(at: store.now), reminded.insert(name).inserted {
      notice("\(SafeText.escape(name)): \(reminder) Renew it with ferry identity renew.")
    }
    return identity
  }

  /// The key is known already, as it was just made.
  func remember(_ key: PrivateKey, for name: String) { keys[name] = key }

  /// The key is known no more, after its passphrase was changed or it was removed.
  func forget(_ name: String) {
    keys[name] = nil
    identities[name] = nil
  }

  private func load(_ stored: StoredIdentity) async throws -> ClientIdentity {
    // What is wrong with the certificate is said before anybody is asked for a passphrase.
    if let problem = ClientCertificateProblem.first(of: stored.certificate, at: store.now) {
      throw StorageError.identityUnfit(stored.name, problem)
    }
    let key = try await key(stored)
    keys[stored.name] = key
    guard let identity = try? Identity(chain: stored.chain, key: key) else {
      throw StorageError.identityUnfit(stored.name, .keyMismatch)
    }
    return try ClientIdentity(name: stored.name, identity)
  }

  /// The key of one that is kept, opened by whoever knows its passphrase.
  ///
  /// - Parameter anew: whether the passphrase must be given now, though the key may have been opened before: to take the
  ///   key away is more than to use it.
  func key(_ stored: StoredIdentity, anew: Bool = false) async throws -> PrivateKey {
    // A renewed certificate has the key that was opened before.
    if !anew, let key = keys[stored.name], key.publicKeySHA256 == stored.certificate.publicKeySHA256 { return key }
    let name = stored.name
    guard stored.isEncrypted else { return try store.key(of: name, passphrase: nil) }
    if let passphrase = try passphrase() { return try store.key(of: name, passphrase: passphrase) }
    guard let asker else { throw StorageError.passphraseNeeded(name) }
    for attempt in 0..<Self.attempts {
      guard let passphrase = await asker.passphrase(for: name, wasWrong: attempt > 0) else {
        if attempt == 0, !Task.isCancelled { throw StorageError.passphraseNeeded(name) }
        throw CancellationError()
      }
      do { return try store.key(of: name, passphrase: passphrase) } catch StorageError.wrongPassphrase { continue }
    }
    throw StorageError.wrongPassphrase(name)
  }

  // MARK: What servers make of them

  func stands(_ identity: ClientIdentity) throws -> Bool {
    do {
      return try store.find(identity.name).chain == identity.identity.chain
    } catch StorageError.identityMissing {
      return false
    }
  }

  func accepted(_ identity: ClientIdentity, by server: ServerAddress) {
    // Only notes for people; a disk that is full must not keep them from their server.
    try? store.wasUsed(identity.name, identity.certificate)
    try? database.identityUses.wasAccepted(at: server)
  }

  func refused(_ identity: ClientIdentity, by server: ServerAddress) {
    try? database.identityUses.isAwaitingTrust(identity.certificate, at: server)
  }
}
