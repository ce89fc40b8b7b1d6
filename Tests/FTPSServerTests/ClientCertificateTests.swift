import FTP
import FTPSServer
import NIOCore
import Synchronization
import TLS
import TestSupport
import Testing

/// What a client's certificate opens, and what it does not.
@Suite("Client certificates", .timeLimit(.minutes(2)))
struct ClientCertificateTests {
  /// An owner with decisions in memory.
  private final class Owner: ClientCertificateJudge {
    let decisions = Mutex<[Fingerprint: ClientVerdict]>([:])
    let knocks = Mutex<[Fingerprint]>([])
    let authorities: [Certificate]

    init(authorities: [Certificate] = []) { self.authorities = authorities }

    func decide(_ verdict: ClientVerdict, _ identity: Identity) {
      decisions.withLock { $0[identity.chain[0].sha256] = verdict }
    }

    func judge(_ chain: [Certificate], address: String, isNew: Bool) async throws -> ClientVerdict {
      if isNew { knocks.withLock { $0.append(chain[0].sha256) } }
      return decisions.withLock { $0[chain[0].sha256] } ?? .undecided(isKept: true)
    }
  }

  /// Users who need no password with the right certificate.
  private struct Tied: LoginVerifier {
    let certificate: Certificate
    let passwords = SingleLogin(user: "ada", password: Secret("lovelace"))

    func accepts(user: [UInt8], certificate: Certificate?) async -> LoginProof? {
      user.elementsEqual("grace".utf8) && certificate == self.certificate ? LoginProof() : nil
    }
    func accepts(user: [UInt8], password: Secret, certificate: Certificate?) async -> LoginProof? {
      await passwords.accepts(user: user, password: password, certificate: certificate)
    }
    func stillAccepts(user: [UInt8], proof: LoginProof, certificate: Certificate?) async -> Bool { true }
  }

  static func identity(_ name: String) throws -> Identity {
    let key = try PrivateKey.generate(.ecP256)
    return try Identity(
      chain: [SelfSignedCertificate.make(key: key, commonName: name, days: 1, purpose: .client)], key: key)
  }

  static let ada = Result { try identity("ada") }
  static let eve = Result { try identity("eve") }

  @Test(
    "an unknown certificate is refused in words, then trusted, and then enters", arguments: [TLSVersion.tls12, .tls13])
  func unknownThenTrusted(version: TLSVersion) async throws {
    let owner = Owner()
    let ada = try Self.ada.get()
    let fingerprint = ada.chain[0].sha256
    try await TestServer.changed { $0.clientCertificates = .require(owner) }.with { server in
      try server.write(Array("content".utf8), to: "file")
      try await blocking {
        let client = try RawClient(server.port, maximum: version, identity: ada)
        try client.startTLS()
        let refusal = try client.say("USER ada", "530")
        #expect(refusal.contains("\(fingerprint)") && refusal.contains("not trusted here yet"))
        // A password changes nothing.
        try client.say("PASS lovelace", "503")
        try client.say("PWD", "530")
        owner.decide(.trusted, ada)
        try client.logIn()
        #expect(try client.receive("RETR file") == Array("content".utf8))
      }
      #expect(owner.knocks.withLock { $0 } == [fingerprint, fingerprint])
      #expect(server.events.count { if case .certificateJudged = $0 { true } else { false } } == 2)
    }
  }

  @Test("a decision between the name and the password counts")
  func decidedBetween() async throws {
    let owner = Owner()
    let ada = try Self.ada.get()
    owner.decide(.trusted, ada)
    try await TestServer.changed { $0.clientCertificates = .require(owner) }.with { server in
      try await blocking {
        let client = try RawClient(server.port, identity: ada)
        try client.startTLS()
        try client.say("USER ada", "331")
        owner.decide(.rejected, ada)
        try client.say("PASS lovelace", "421")
      }
      #expect(server.events.count { if case .loggedIn = $0 { true } else { false } } == 0)
    }
  }

  @Test("where one is required, a client without it is told so", arguments: [TLSVersion.tls12, .tls13], [true, false])
  func missing(version: TLSVersion, isImplicit: Bool) async throws {
    try await TestServer.changed {
      $0.clientCertificates = .require(Owner())
      if isImplicit { $0.mode = .implicit }
    }.with { server in
      try await blocking {
        let client = try RawClient(server.port, maximum: version, isImplicit: isImplicit)
        if !isImplicit { try client.startTLS() }
        #expect(try client.say("USER ada", "530").contains("needs a client certificate"))
        #expect(client.control.tls?.wasAskedForCertificate == true)
      }
      #expect(server.events.count { if case .certificateMissing = $0 { true } else { false } } == 1)
    }
  }

  @Test("where one is only asked for, none will do, but an unknown one will not")
  func requested() async throws {
    let owner = Owner()
    let (ada, eve) = (try Self.ada.get(), try Self.eve.get())
    owner.decide(.rejected, eve)
    try await TestServer.changed { $0.clientCertificates = .request(owner) }.with { server in
      try await blocking {
        _ = try RawClient.loggedIn(server.port).receive("MLSD")
        let unknown = try RawClient(server.port, identity: ada)
        try unknown.startTLS()
        try unknown.say("USER ada", "530")
        let rejected = try RawClient(server.port, identity: eve)
        try rejected.startTLS()
        #expect(try rejected.say("USER ada", "530").contains("rejected by the owner"))
      }
    }
  }

  @Test("where none is wanted, none is asked for")
  func off() async throws {
    try await TestServer.with { server in
      try await blocking {
        let client = try RawClient.loggedIn(server.port, identity: Self.ada.get())
        #expect(client.control.tls?.wasAskedForCertificate == false)
        #expect(try client.receive("MLSD").isEmpty)
      }
    }
  }

  @Test("every reason is told, and the fifth attempt is the last")
  func reasons() async throws {
    let owner = Owner()
    let ada = try Self.ada.get()
    try await TestServer.changed { $0.clientCertificates = .require(owner) }.with { server in
      try await blocking {
        let client = try RawClient(server.port, identity: ada)
        try client.startTLS()
        let reasons: [(ClientVerdict, String)] = [
          (.undecided(isKept: true), "not trusted here yet"), (.undecided(isKept: false), "too many others"),
          (.rejected, "rejected"), (.unfit(reason: "The certificate is too old."), "The certificate is too old."),
        ]
        for (verdict, words) in reasons {
          owner.decide(verdict, ada)
          #expect(try client.say("USER ada", "530").contains(words))
        }
        try client.say("USER ada", "421")
      }
      #expect(try await eventually { await server.clientCount == 0 })
    }
  }

  @Test("a certificate alone lets its user in, and nobody else", arguments: [TLSVersion.tls12, .tls13])
  func certificateInsteadOfPassword(version: TLSVersion) async throws {
    let owner = Owner()
    let (ada, eve) = (try Self.ada.get(), try Self.eve.get())
    owner.decide(.trusted, ada)
    owner.decide(.trusted, eve)
    try await TestServer.changed {
      $0.clientCertificates = .require(owner)
      $0.login = Tied(certificate: ada.chain[0])
    }.with { server in
      try await blocking {
        let client = try RawClient(server.port, maximum: version, identity: ada)
        try client.startTLS()
        try client.say("USER grace", "232")
        try client.say("PASS anything", "202")
        try client.say("PBSZ 0", "200")
        try client.say("PROT P", "200")
        #expect(try client.receive("MLSD").isEmpty)
        let other = try RawClient(server.port, maximum: version, identity: eve)
        try other.startTLS()
        try other.say("USER grace", "331")
        try other.say("PASS lovelace", "530")
      }
    }
  }

  @Test("whom the owner rejects is cut off, in the middle of a transfer too")
  func withdrawn() async throws {
    let owner = Owner()
    let (ada, eve) = (try Self.ada.get(), try Self.eve.get())
    owner.decide(.trusted, ada)
    owner.decide(.trusted, eve)
    try await TestServer.changed { $0.clientCertificates = .require(owner) }.with { server in
      try server.write(TestServer.content(8 << 20), to: "file")
      try await blocking {
        let rejected = try RawClient.loggedIn(server.port, identity: ada)
        let other = try RawClient.loggedIn(server.port, identity: eve)
        let data = try rejected.startData("RETR file")
        _ = try data.readAll(limit: 1 << 16)
        owner.decide(.rejected, ada)
        Task { await server.review() }
        #expect(throws: TLSError.truncated) { _ = try data.readAll() }
        try rejected.expect("421")
        // Its ticket opens nothing, not even to another's data port.
        let port = try other.dataPort()
        try other.say("RETR file", "150")
        let stolen = try RawConnection(port: port)
        try stolen.startTLS(rejected.context, ticket: rejected.tickets.take())
        try other.expect("522")
        try other.say("NOOP", "200")
      }
      #expect(try await eventually { await server.clientCount == 0 })
      #expect(server.events.count { if case .trustWithdrawn = $0 { true } else { false } } == 1)
    }
  }

  @Test("a data connection shows the certificate of its control connection", arguments: [TLSVersion.tls12, .tls13])
  func foreignData(version: TLSVersion) async throws {
    let owner = Owner()
    let (ada, eve) = (try Self.ada.get(), try Self.eve.get())
    owner.decide(.trusted, ada)
    owner.decide(.trusted, eve)
    try await TestServer.changed { $0.clientCertificates = .require(owner) }.with { server in
      try server.write(Array("content".utf8), to: "file")
      try await blocking {
        let client = try RawClient.loggedIn(server.port, maximum: version, identity: ada)
        for thief in [eve, nil] {
          let port = try client.dataPort()
          try client.say("RETR file", "150")
          let data = try RawConnection(port: port)
          try data.startTLS(.client(identity: thief, maximum: version))
          #expect(try client.expect("522").contains("certificate"))
          #expect(throws: (any Error).self) { _ = try data.readAll() }
        }
        // Its own is proof enough without a session.
        let port = try client.dataPort()
        try client.say("RETR file", "150")
        let data = try RawConnection(port: port)
        try data.startTLS(client.context)
        #expect(try data.readAll() == Array("content".utf8))
        try data.sayCloseNotify()
        try client.expect("226")
      }
    }
  }
}
