import FTP
import FTPSServer
import Glibc
import Storage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import TLS
@testable import ferry

/// Whom a served folder lets in.
@Suite("Who is let in to a served folder", .timeLimit(.minutes(1)))
struct ServerDeskTests {
  private struct Signer {
    let identity: Identity
    var certificate: Certificate { identity.chain[0] }

    init(
      _ name: String, by issuer: Signer? = nil, isAuthority: Bool = true, key: PrivateKey? = nil,
      usage: String = "clientAuth", from: Int64 = -3600, until: Int64 = 3600
    ) throws {
      let key = try key ?? PrivateKey.generate(.ecP256)
      let now = Int64(time(nil))
      var template = CertificateTemplate(commonName: name, notBefore: now + from, notAfter: now + until)
      if isAuthority {
        template.basicConstraints = "critical,CA:TRUE"
        template.keyUsage = "critical,keyCertSign,cRLSign"
      } else {
        template.keyUsage = "critical,digitalSignature"
        template.extendedKeyUsage = usage
      }
      identity = try Identity(chain: [template.signed(for: key, by: issuer?.identity)], key: key)
    }
  }

  private let folder: TemporaryFolder
  private let state: ServerState

  init() throws {
    folder = try TemporaryFolder("desk")
    state = try ServerState(folder: folder.appending("serve"))
  }

  private func client(_ by: Signer?, usage: String = "clientAuth", from: Int64 = -3600, until: Int64 = 3600) throws
    -> Certificate
  {
    try Signer("ada", by: by, isAuthority: false, usage: usage, from: from, until: until).certificate
  }

  @Test("the signature of a trusted authority counts, also through others, and nothing that looks like it")
  func authorities() throws {
    let root = try Signer("Root")
    let middle = try Signer("Middle", by: root)
    let impostor = try Signer("Root")
    let trusted = [root.certificate]
    func verdict(_ chain: [Certificate], _ authorities: [Certificate]) -> ClientVerdict? {
      ServerDesk.verdict(on: chain, signedBy: authorities)
    }
    #expect(try verdict([client(root)], trusted) == .trusted)
    #expect(try verdict([client(middle), middle.certificate], trusted) == .trusted)
    #expect(try verdict([client(middle)], [middle.certificate]) == .trusted)
    #expect(try verdict([client(root)], []) == nil)
    #expect(try verdict([client(nil)], trusted) == nil)
    #expect(try verdict([client(middle)], trusted) == nil, "nothing leads to the root")
    #expect(try verdict([client(impostor), impostor.certificate], trusted) != .trusted)
    let leaf = try Signer("eve", by: root, isAuthority: false)
    #expect(try verdict([client(leaf), leaf.certificate], trusted) != .trusted, "eve may sign nothing")
    for (chain, words) in [
      ([try client(root, from: -7200, until: -3600)], "expired"), ([try client(root, from: 3600)], "valid only from"),
      ([try client(root, usage: "serverAuth")], "another use"),
    ] {
      guard case .unfit(let reason) = verdict(chain, trusted) else {
        Issue.record("\(words)")
        continue
      }
      #expect(reason.contains(words), "\(reason)")
    }
  }

  @Test("decisions about single certificates come before signatures, and count at once")
  func decisions() async throws {
    let root = try Signer("Root")
    try state.authorities.add(root.certificate)
    let waiting = Mutex<[ServerClient]>([])
    let desk = try ServerDesk(state, names: nil) { client in waiting.withLock { $0.append(client) } }
    #expect(desk.authorities == [root.certificate])
    let (signed, own) = (try client(root), try client(nil))
    func judge(_ certificate: Certificate, isNew: Bool = true) async throws -> ClientVerdict {
      try await desk.judge([certificate], address: "192.0.2.7", isNew: isNew)
    }
    #expect(try await judge(signed) == .trusted)
    #expect(try await judge(own, isNew: false) == .undecided(isKept: true))
    #expect(try state.clients.list().isEmpty, "who is looked at again is not kept for it")
    #expect(try await judge(own) == .undecided(isKept: true))
    #expect(waiting.withLock { $0.map(\.certificate) } == [own])
    // As another process does it.
    let other = try ServerState(folder: state.folder)
    try other.clients.decide(.rejected, about: signed)
    try other.clients.decide(.trusted, about: own)
    #expect(try await judge(signed) == .rejected)
    #expect(try await judge(own) == .trusted)
    let before = try state.version()
    try other.authorities.remove(root.certificate.sha256)
    _ = try await desk.change(since: before)
    #expect(desk.authorities.isEmpty)
  }

  @Test("what is set is demanded: the password, the certificate, or both")
  func users() async throws {
    let (mine, other) = (try client(nil), try client(nil))
    let hash = try hash(of: "lovelace")
    try state.users.set("password", password: hash, certificate: nil)
    try state.users.set("certificate", password: nil, certificate: mine.sha256)
    try state.users.set("both", password: hash, certificate: mine.sha256)
    try state.users.set("outside", password: hash, certificate: nil)
    let desk = try ServerDesk(state, names: ["password", "certificate", "both", "missing"]) { _ in }

    func enters(_ user: String, _ password: String?, _ certificate: Certificate?) async -> LoginProof? {
      let user = Array(user.utf8)
      guard let password else { return await desk.accepts(user: user, certificate: certificate) }
      return await desk.accepts(user: user, password: Secret(password), certificate: certificate)
    }
    let rows: [(String, String?, Certificate?, Bool)] = [
      ("password", "lovelace", nil, true), ("password", "lovelace", other, true), ("password", "guess", nil, false),
      ("password", nil, mine, false), ("certificate", nil, mine, true), ("certificate", nil, other, false),
      ("certificate", nil, nil, false), ("certificate", "lovelace", mine, false), ("certificate", "", nil, false),
      ("both", "lovelace", mine, true), ("both", "lovelace", other, false), ("both", "lovelace", nil, false),
      ("both", nil, mine, false), ("both", "guess", mine, false), ("outside", "lovelace", nil, false),
      ("missing", "lovelace", nil, false), ("missing", nil, mine, false), ("", "", nil, false),
    ]
    for (user, password, certificate, expected) in rows {
      #expect((await enters(user, password, certificate) != nil) == expected, "\(user) \(password ?? "-")")
    }
    #expect(await desk.accepts(user: [0xFF, 0xFE], certificate: mine) == nil)
  }

  @Test("who is logged in stays until the user, the password or the certificate is changed")
  func changedUsers() async throws {
    let (mine, other) = (try client(nil), try client(nil))
    let (old, new) = (try hash(of: "lovelace"), try hash(of: "byron"))
    try state.users.set("password", password: old, certificate: nil)
    try state.users.set("certificate", password: nil, certificate: mine.sha256)
    try state.users.set("both", password: old, certificate: mine.sha256)
    let desk = try ServerDesk(state, names: nil) { _ in }
    func stays(_ user: String, _ proof: LoginProof, _ certificate: Certificate?) async -> Bool {
      await desk.stillAccepts(user: Array(user.utf8), proof: proof, certificate: certificate)
    }
    let bySecret = try #require(
      await desk.accepts(user: Array("password".utf8), password: Secret("lovelace"), certificate: nil))
    let byCertificate = try #require(await desk.accepts(user: Array("certificate".utf8), certificate: mine))
    let byBoth = try #require(
      await desk.accepts(user: Array("both".utf8), password: Secret("lovelace"), certificate: mine))
    #expect(await stays("password", bySecret, nil))
    #expect(await stays("certificate", byCertificate, mine))
    #expect(await stays("both", byBoth, mine))

    try state.users.set("password", password: new, certificate: nil)
    try state.users.set("certificate", password: new, certificate: mine.sha256)
    try state.users.set("both", password: old, certificate: other.sha256)
    #expect(await !stays("password", bySecret, nil))
    #expect(await !stays("certificate", byCertificate, mine))
    #expect(await !stays("both", byBoth, mine))
    try state.users.remove("password")
    #expect(await !stays("password", bySecret, nil))
  }

  private func hash(of password: String) throws -> PasswordHash {
    try Array(password.utf8).withUnsafeBytes {
      try PasswordHash($0, cost: PasswordHash.Cost(exponent: 10, blocks: 1, lanes: 1))
    }
  }
}
