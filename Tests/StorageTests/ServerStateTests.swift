import GRDB
import Glibc
import Synchronization
import SystemPackage
import TLS
import TestSupport
import Testing

@testable import Storage

/// What a server of ours keeps.
@Suite("A server's state") struct ServerStateTests {
  private final class Clock: Sendable {
    let now = Mutex<Int64>(1_700_000_000)
    func advance(_ seconds: Int64) { now.withLock { $0 += seconds } }
  }

  private let folder: TemporaryFolder
  private let clock = Clock()

  init() throws { folder = try TemporaryFolder("state") }

  private func open() throws -> ServerState {
    let clock = self.clock
    return try ServerState(folder: folder.appending("serve"), clock: { clock.now.withLock { $0 } })
  }

  private static let key = Result { try PrivateKey.generate(.ecP256) }

  private func certificate(_ name: String) throws -> Certificate {
    try SelfSignedCertificate.make(key: Self.key.get(), commonName: name, days: 1, purpose: .client)
  }

  @Test("who knocks waits, is decided on, and is remembered")
  func decisions() throws {
    let state = try open()
    let ada = try certificate("ada")
    #expect(try state.clients.find(ada.sha256) == nil)
    let first = try #require(try state.clients.knock(ada, from: "192.0.2.7"))
    #expect(first.decision == .pending && first.address == "192.0.2.7" && first.decided == nil)
    for decision in [ServerClient.Decision.trusted, .rejected, .trusted] {
      try state.clients.decide(decision, about: ada)
      #expect(try open().clients.find(ada.sha256)?.decision == decision)
      // Coming again changes no decision.
      clock.advance(120)
      let again = try #require(try state.clients.knock(ada, from: "192.0.2.8"))
      #expect(again.decision == decision && again.address == "192.0.2.8" && again.firstSeen == first.firstSeen)
    }
    #expect(try state.clients.remove(first.id))
    #expect(try !state.clients.remove(first.id))
    #expect(try state.clients.find(ada.sha256) == nil)
  }

  @Test("who knocks again and again is written down once a minute")
  func manyKnocks() throws {
    let state = try open()
    let ada = try certificate("ada")
    _ = try state.clients.knock(ada, from: "192.0.2.7")
    let version = try state.version()
    for _ in 0..<5 { _ = try state.clients.knock(ada, from: "192.0.2.7") }
    #expect(try state.version() == version)
    clock.advance(61)
    _ = try state.clients.knock(ada, from: "192.0.2.7")
    #expect(try state.version() != version)
  }

  @Test("waiting certificates are bounded, in all and for each address, and none pushes another out")
  func limits() throws {
    let state = try open()
    for number in 0..<ServerClients.pendingLimitPerAddress {
      #expect(try state.clients.knock(certificate("\(number)"), from: "192.0.2.7") != nil)
    }
    #expect(try state.clients.knock(certificate("more"), from: "192.0.2.7") == nil)
    var number = 0
    while try state.clients.list().count < ServerClients.pendingLimit {
      #expect(try state.clients.knock(certificate("other \(number)"), from: "192.0.2.\(100 + number / 8)") != nil)
      number += 1
    }
    #expect(try state.clients.knock(certificate("late"), from: "198.51.100.1") == nil)
    #expect(try state.clients.find(certificate("0").sha256) == nil, "another certificate of the same name")
    // Those that are decided on take nobody's place, and old ones make room.
    try state.clients.decide(.rejected, about: state.clients.list()[0].certificate)
    #expect(try state.clients.knock(certificate("late"), from: "198.51.100.1") != nil)
    clock.advance(ServerClients.pendingLife + 1)
    #expect(try state.clients.knock(certificate("later"), from: "192.0.2.7") != nil)
    #expect(try state.clients.list().map(\.decision) == [.pending, .rejected])
  }

  @Test("one subscriber counts as one, though their network has many addresses")
  func networks() throws {
    let state = try open()
    for number in 0..<ServerClients.pendingLimitPerAddress {
      #expect(try state.clients.knock(certificate("\(number)"), from: "2001:db8:0:1::\(number)") != nil)
    }
    #expect(try state.clients.knock(certificate("more"), from: "2001:db8:0:1:ffff::1") == nil)
    #expect(try state.clients.knock(certificate("other"), from: "2001:db8:0:2::1") != nil)
    // IPv4 addresses as an IPv6 socket shows them are many subscribers' own.
    #expect(ServerClients.network(of: "::ffff:192.0.2.1") != ServerClients.network(of: "::ffff:192.0.2.2"))
  }

  @Test("a certificate that is too long is not kept")
  func longCertificate() throws {
    let names = (0..<1000).map { "host-\($0).files.example.org" }
    let long = try SelfSignedCertificate.make(
      key: Self.key.get(), commonName: "long", names: names, days: 1, purpose: .client)
    #expect(long.der.count > ServerClients.sizeLimit)
    let state = try open()
    #expect(try state.clients.knock(long, from: "192.0.2.7") == nil)
    #expect(try state.clients.list().isEmpty)
  }

  @Test("a certificate is found by its number and by the beginning of its fingerprint")
  func finding() throws {
    let state = try open()
    let client = try state.clients.decide(.trusted, about: certificate("ada"))
    _ = try state.clients.decide(.trusted, about: certificate("eve"))
    let print = client.certificate.sha256.description
    let digits = print.dropFirst("SHA256:".count)
    for word in ["\(client.id)", print, String(digits), digits.lowercased(), digits.filter { $0 != ":" }] {
      #expect(try state.clients.find(word) == [client], "\(word)")
    }
    #expect(try state.clients.find(String(digits.prefix(2))).isEmpty)
    #expect(try state.clients.find("SHA256:").isEmpty)
  }

  @Test("what another process decides is seen at once")
  func elsewhere() throws {
    let (one, other) = (try open(), try open())
    let version = try one.version()
    #expect(try one.version() == version)
    let ada = try certificate("ada")
    try other.clients.decide(.trusted, about: ada)
    #expect(try one.version() != version)
    #expect(try one.clients.find(ada.sha256)?.decision == .trusted)
    let next = try one.version()
    try one.clients.decide(.rejected, about: ada)
    #expect(try one.version() != next, "its own changes count too")
  }

  @Test("users keep what is demanded of them, and less is never demanded")
  func users() throws {
    let state = try open()
    let hash = try [UInt8]("lovelace".utf8).withUnsafeBytes {
      try PasswordHash($0, cost: PasswordHash.Cost(exponent: 10, blocks: 1, lanes: 1))
    }
    let print = try certificate("ada").sha256
    #expect(try state.users.set("ada", password: hash, certificate: nil))
    #expect(try state.users.set("eve", password: nil, certificate: print))
    #expect(try !state.users.set("ada", password: hash, certificate: print))
    let ada = try #require(try open().users.find("ada"))
    #expect(ada.password == hash && ada.certificate == print)
    #expect(try state.users.list().map(\.name) == ["ada", "eve"])
    #expect(try state.users.find("Ada") == nil)
    for damage in ["UPDATE user SET password = 'scrypt'", "UPDATE user SET password = NULL, certificate = NULL"] {
      try state.write { try $0.execute(sql: damage) }
      #expect(throws: StorageError.self) { try state.users.find("ada") }
    }
    #expect(try state.users.remove("eve"))
    #expect(try !state.users.remove("eve"))
  }

  @Test(
    "names of users",
    arguments: [
      ("ada", true), ("ü", true), ("", false), ("a b", false), ("a\u{1B}", false), ("a\u{202E}b", false),
      (String(repeating: "a", count: 65), false),
    ])
  func names(name: String, isName: Bool) {
    #expect(ServerUser.isName(name) == isName)
  }

  @Test("authorities are kept, and those that were changed on the disk are none")
  func authorities() throws {
    let state = try open()
    let (one, other) = (try certificate("one"), try certificate("other"))
    #expect(try state.authorities.add(one))
    #expect(try !state.authorities.add(one))
    #expect(try state.authorities.add(other))
    #expect(try open().authorities.list() == [one, other])
    try state.write {
      try $0.execute(
        sql: "UPDATE authority SET certificate = (SELECT certificate FROM authority WHERE fingerprint = ?)",
        arguments: [blob(other.sha256.bytes)])
    }
    #expect(try state.authorities.list() == [other])
    #expect(try state.authorities.remove(other.sha256))
    #expect(try !state.authorities.remove(other.sha256))
  }

  @Test(
    "a file that is none of ours is refused, and stays",
    arguments: ["nonsense", String(repeating: "nonsense", count: 200)])
  func foreignFile(content: String) throws {
    _ = try folder.makeFolder("serve")
    let file = try folder.write(content, to: "serve/serve.db")
    #expect(throws: StorageError.unusableState(file)) { try open() }
    #expect(try FileTree.read(file) == Array(content.utf8))
  }

  @Test("only its owner looks into it")
  func permissions() throws {
    _ = try open()
    #expect(FileTree.facts(folder.appending("serve")).map { $0.st_mode & 0o777 } == 0o700)
    #expect(FileTree.facts(folder.appending("serve/serve.db")).map { $0.st_mode & 0o777 } == 0o600)
  }
}
