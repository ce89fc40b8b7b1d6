import FTP
import FTPSServer
import Glibc
import NIOPosix
import Storage
import Synchronization
import TLS

/// Decides for a running server who comes in: by the users, certificates and authorities that its state holds now. What
/// another process changes there counts for whoever comes next.
final class ServerDesk: ClientCertificateJudge, LoginVerifier {
  private let state: ServerState
  /// Those who may log in; nil for all users of the state.
  private let names: Set<String>?
  private let revocations: RevocationFile?
  private let disk = NIOThreadPool(numberOfThreads: 1)
  /// Passwords are made slow to guess: their threads are others than those of files and of certificates, and two, so that
  /// guessers cannot take the whole machine.
  private let passwords = NIOThreadPool(numberOfThreads: 2)
  private let known = Mutex<[Certificate]>([])
  private let onPending: @Sendable (ServerClient) -> Void

  /// Compared with the passwords of users that do not exist, so that they take as long as others.
  private static let decoy = PasswordHash(
    "scrypt 15 8 3 " + String(repeating: "0", count: 32) + " " + String(repeating: "0", count: 64))!

  /// - Parameters:
  ///   - revocations: which certificates nobody comes in with, whatever was decided about them.
  ///   - onPending: hears of each client whose certificate waits for a decision, each time that it comes.
  init(
    _ state: ServerState, names: Set<String>?, revocations: RevocationFile? = nil,
    onPending: @escaping @Sendable (ServerClient) -> Void
  ) throws(StorageError) {
    self.state = state
    self.revocations = revocations
    self.names = names
    self.onPending = onPending
    disk.start()
    passwords.start()
    let authorities = try state.authorities.list()
    known.withLock { $0 = authorities }
  }

  /// Waits until the state has changed since `version`, here or in another process; gives the state's version then, and
  /// nil when the task is cancelled.
  func change(since version: ServerState.Version) async throws -> ServerState.Version? {
    while true {
      let state = self.state
      let now = try await disk.runIfActive { try state.version() }
      if now != version {
        let authorities = try await disk.runIfActive { try state.authorities.list() }
        known.withLock { $0 = authorities }
        return now
      }
      // SQLite tells nobody of changes; to look costs a few microseconds.
      do { try await Task.sleep(for: .milliseconds(200)) } catch { return nil }
    }
  }

  /// Waits until there are other lists of revoked certificates.
  ///
  /// - Parameter onOutdated: hears of each that is not valid, or not any more.
  /// - Returns: false when the task is cancelled, or there is no file of them.
  /// - Throws: ``UsageProblem`` where the file cannot be read, once for each change of it.
  func newRevocations(_ onOutdated: (OutdatedRevocationList) -> Void) async throws -> Bool {
    guard let revocations else { return false }
    while true {
      for list in revocations.newlyOutdated(at: Timestamp.now.seconds) { onOutdated(list) }
      if try await disk.runIfActive({ try revocations.readAgain() }) { return true }
      do { try await Task.sleep(for: .milliseconds(200)) } catch { return false }
    }
  }

  // MARK: Certificates

  var authorities: [Certificate] { known.withLock { $0 } }

  func judge(_ chain: [Certificate], address: String, isNew: Bool) async throws -> ClientVerdict {
    try await disk.runIfActive { [self] in
      let decision = try state.clients.find(chain[0].sha256)?.decision
      if decision == .rejected { return .rejected }
      let revoked = revocations?.lists ?? RevocationLists()
      // It outweighs every trust.
      let verdict = Self.verdict(on: chain, signedBy: try state.authorities.list(), revoked: revoked)
      if verdict == Self.revoked { return Self.revoked }
      if decision == .trusted { return .trusted }
      if let verdict { return verdict }
      guard isNew else { return .undecided(isKept: true) }
      guard let client = try state.clients.knock(chain[0], from: address) else { return .undecided(isKept: false) }
      onPending(client)
      return .undecided(isKept: true)
    }
  }

  private static let revoked = ClientVerdict.unfit(reason: "\(CertificateProblem.revoked)")

  /// What follows from the lists of revoked certificates, and from the signature of one of the authorities; nil where none
  /// of them has signed.
  static func verdict(
    on chain: [Certificate], signedBy authorities: [Certificate], revoked: RevocationLists = RevocationLists()
  ) -> ClientVerdict? {
    if authorities.isEmpty, revoked.isEmpty { return nil }
    let problems = ChainCheck.problems(
      of: chain, host: nil, at: Int64(time(nil)), roots: .certificates(authorities), purpose: .client, revoked: revoked)
    if problems.contains(.revoked) { return Self.revoked }
    if authorities.isEmpty { return nil }
    if problems.isEmpty { return .trusted }
    let isStranger = problems.contains {
      switch $0 {
      case .selfSigned, .unknownIssuer, .incompleteChain: true
      default: false
      }
    }
    return isStranger ? nil : .unfit(reason: problems.map { "\($0)" }.joined(separator: " "))
  }

  // MARK: Users

  func accepts(user: [UInt8], certificate: Certificate?) async -> LoginProof? {
    guard let user = await find(user), user.password == nil else { return nil }
    return user.certificate != nil && user.certificate == certificate?.sha256 ? LoginProof() : nil
  }

  func accepts(user: [UInt8], password: Secret, certificate: Certificate?) async -> LoginProof? {
    let user = await find(user)
    let hash = user?.password ?? Self.decoy
    let isRight = try? await passwords.runIfActive { password.withBytes { hash.matches($0) } }
    guard isRight == true, let user, user.password != nil else { return nil }
    return user.certificate == nil || user.certificate == certificate?.sha256 ? LoginProof(password: hash) : nil
  }

  func stillAccepts(user: [UInt8], proof: LoginProof, certificate: Certificate?) async -> Bool {
    guard let user = await find(user), user.password == proof.password else { return false }
    return user.certificate == nil || user.certificate == certificate?.sha256
  }

  /// Nil also where the state cannot be read: then nobody comes in.
  private func find(_ user: [UInt8]) async -> ServerUser? {
    guard let name = String(validating: user, as: UTF8.self), names?.contains(name) ?? true else { return nil }
    let state = self.state
    return (try? await disk.runIfActive { try state.users.find(name) }) ?? nil
  }
}
