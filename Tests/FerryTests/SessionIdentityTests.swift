import FTP
import FTPSClient
import Synchronization
import TLS
import Testing

@testable import ferry

/// Which client certificate the sessions of a server show, and that none outlives a change of it.
struct SessionIdentityTests {
  private struct NoTrust: TrustAuthority {
    func judge(_ question: TrustQuestion) async -> TrustDecision { .reject("nobody asked") }
    func stands(_ question: TrustQuestion) async -> Bool { false }
  }

  private let server = ServerAddress(host: "files.example.org", user: "ada")

  private func identity(_ name: String) throws -> ClientIdentity {
    let key = try PrivateKey.generate(.ecP256)
    let certificate = try SelfSignedCertificate.make(key: key, commonName: name, days: 2, purpose: .client)
    return try ClientIdentity(name: name, Identity(chain: [certificate], key: key))
  }

  private func shown(_ directory: SessionDirectory) async -> (pool: SessionPool, name: String?) {
    let pool = await directory.pool(anyway: server)
    return (pool, pool.configuration.identity?.name)
  }

  @Test("another certificate, or none, means other sessions; the same one keeps them")
  func changes() async throws {
    let directory = SessionDirectory(SessionDirectory.Terms(trust: NoTrust()))
    let (first, second) = (try identity("a"), try identity("b"))
    let before = await shown(directory)
    #expect(before.name == nil)
    await directory.setIdentity(first, for: server)
    let withFirst = await shown(directory)
    #expect(withFirst.name == "a" && withFirst.pool !== before.pool)
    await directory.setIdentity(first, for: server)
    #expect(await shown(directory).pool === withFirst.pool)
    await directory.setIdentity(second, for: server)
    let withSecond = await shown(directory)
    #expect(withSecond.name == "b" && withSecond.pool !== withFirst.pool)
    // What was renewed under the same name is another certificate.
    await directory.setIdentity(try identity("b"), for: server)
    #expect(await shown(directory).pool !== withSecond.pool)
    await directory.setIdentity(nil, for: server)
    #expect(await shown(directory).name == nil)
  }

  @Test("one that was replaced or removed is shown no more, and is looked for anew")
  func replaced() async throws {
    let asked = Mutex(0)
    let known = try identity("a")
    var terms = SessionDirectory.Terms(trust: NoTrust())
    let count: @Sendable () -> Void = { asked.withLock { $0 += 1 } }
    terms.identity = { _, chosen in
      count()
      return chosen == nil || chosen == "a" ? known : nil
    }
    let directory = SessionDirectory(terms)
    for _ in 0..<3 { #expect(try await directory.prepareIdentity(for: server) === known) }
    #expect(asked.withLock { $0 } == 1)
    let before = await shown(directory)
    await directory.identityChanged("other")
    #expect(await shown(directory).pool === before.pool)
    await directory.identityChanged("a")
    #expect(await shown(directory).pool !== before.pool)
    #expect(try await directory.prepareIdentity(for: server) === known)
    #expect(asked.withLock { $0 } == 2)
    await directory.identityChanged("a", isGone: true)
    #expect(await shown(directory).name == nil)
  }

  @Test("one that another program has replaced is looked for anew before the next session")
  func replacedElsewhere() async throws {
    let keeper = Keeper()
    let (first, second) = (try identity("a"), try identity("a"))
    var terms = SessionDirectory.Terms(trust: NoTrust())
    terms.identityObserver = keeper
    terms.identity = { _, _ in keeper.current.withLock { $0 } }
    let directory = SessionDirectory(terms)
    keeper.current.withLock { $0 = first }
    #expect(try await directory.prepareIdentity(for: server) === first)
    let before = await shown(directory)
    #expect(try await directory.pool(for: server) === before.pool)
    keeper.current.withLock { $0 = second }
    #expect(try await directory.pool(for: server) !== before.pool)
    #expect(await shown(directory).pool.configuration.identity === second)
  }

  private final class Keeper: IdentityObserver {
    let current = Mutex<ClientIdentity?>(nil)
    func stands(_ identity: ClientIdentity) async -> Bool { current.withLock { $0 === identity } }
    func accepted(_ identity: ClientIdentity, by server: ServerAddress) async {}
    func refused(_ identity: ClientIdentity, by server: ServerAddress) async {}
  }

  @Test("a queue does not start without the certificate that is set, and says why")
  func unavailable() async throws {
    struct Broken: Error, CustomStringConvertible { let description = "It is gone." }
    var terms = SessionDirectory.Terms(trust: NoTrust())
    terms.identity = { _, _ in throw Broken() }
    let directory = SessionDirectory(terms)
    await #expect(throws: FTPSError.identityUnavailable("It is gone.")) { try await directory.pool(for: server) }
  }
}
