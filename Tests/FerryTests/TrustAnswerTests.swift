import ArgumentParser
import FTP
import FTPSClient
import Glibc
import Storage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import TLS
@testable import ferry

/// What each answer about a certificate means afterwards; that its dates are told (threat C04), and that nothing in it
/// steers the terminal (threat C07).
@Suite("The answers about a certificate") struct TrustAnswerTests {
  static let server = ServerAddress(host: "files.example.org", port: 2121)
  let folder: TemporaryFolder
  let database: FerryDatabase
  let issuer: Identity
  let key = try! PrivateKey.generate(.ecP256)
  let said = Said()

  init() throws {
    folder = try TemporaryFolder("answers")
    database = FerryDatabase(Home(folder: folder.path))
    let authority = try PrivateKey.generate(.ecP256)
    let template = CertificateTemplate(
      commonName: "Example Issuing", notBefore: Self.now - 86_400, notAfter: Self.now + 86_400,
      basicConstraints: "critical,CA:TRUE", keyUsage: "critical,keyCertSign")
    issuer = try Identity(chain: [template.signed(for: authority)], key: authority)
  }

  static var now: Int64 { Timestamp.now.seconds }

  /// A chain for the server; a new key unless one is given.
  func chain(
    key: PrivateKey? = nil, by issuer: Identity? = nil, host: String = Self.server.host, notAfter: Int64 = 3600
  ) throws -> [Certificate] {
    let issuer = issuer ?? self.issuer
    let template = CertificateTemplate(
      commonName: host, names: [host], notBefore: Self.now - 7200, notAfter: Self.now + notAfter,
      extendedKeyUsage: "serverAuth")
    return [try template.signed(for: key ?? .generate(.ecP256), by: issuer), issuer.chain[0]]
  }

  func question(_ chain: [Certificate], server: ServerAddress = Self.server) -> TrustQuestion {
    TrustQuestion(
      server: server, chain: chain,
      problems: ChainCheck.problems(of: chain, host: server.host, at: Self.now, roots: .none),
      tlsVersion: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384")
  }

  func desk(
    _ answer: TrustDesk.Answer? = nil, policy: TrustPolicy = .ask, asksAboutVouchedFor: Bool = false
  ) -> TrustDesk {
    let (database, said) = (database, said)
    return TrustDesk(
      store: { database.trust }, policy: policy, asker: answer.map { Answering($0, said) },
      asksAboutVouchedFor: { asksAboutVouchedFor }, notice: { said.add($0) })
  }

  /// Whether a chain is accepted by a program that starts now and asks nobody.
  func isTrusted(_ chain: [Certificate], server: ServerAddress = Self.server) async -> Bool {
    await desk(policy: .known).judge(question(chain, server: server)) == .accept
  }

  @Test("reject: nothing is kept, and the session does not begin")
  func reject() async throws {
    let shown = try chain()
    #expect(await desk(.reject).judge(question(shown)) == .reject("you rejected it"))
    #expect(try database.trust.list().isEmpty)
  }

  @Test("always this certificate: neither its renewal nor another one of its issuer")
  func certificate() async throws {
    let shown = try chain(key: key)
    #expect(await desk(.always(.certificate)).judge(question(shown)) == .accept)
    #expect(await isTrusted(shown))
    #expect(await !isTrusted(try chain(key: key)))
    #expect(await !isTrusted(try chain()))
  }

  @Test("always this key: a renewal with it is no change, another key is one")
  func sameKey() async throws {
    #expect(await desk(.always(.key)).judge(question(try chain(key: key))) == .accept)
    #expect(await isTrusted(try chain(key: key)))
    let own = try SelfSignedCertificate.make(key: key, commonName: "x", names: ["x"], days: 2, purpose: .server)
    #expect(await isTrusted([own]))
    #expect(await !isTrusted(try chain()))
  }

  @Test("this issuer for this host: whatever it signs for the host, and for no other host")
  func issuer() async throws {
    let shown = try chain()
    #expect(await desk(.always(.issuer)).judge(question(shown)) == .accept)
    #expect(try database.trust.list().map(\.pin) == [issuer.chain[0].sha256])
    #expect(await isTrusted(try chain()))
    #expect(await !isTrusted(try chain(host: "other.example.org")))
    #expect(await !isTrusted(try chain(), server: ServerAddress(host: "other.example.org", port: 2121)))
  }

  @Test("an issuer is not kept where the chain proves none, and the session does not begin")
  func noIssuer() async throws {
    let own = try SelfSignedCertificate.make(
      key: key, commonName: "files.example.org", names: ["files.example.org"], days: 2, purpose: .server)
    for chain in [[own], [own, issuer.chain[0]], [try chain()[0]], try chain(host: "other.example.org")] {
      guard case .reject(let reason) = await desk(.always(.issuer)).judge(question(chain)) else {
        Issue.record("accepted")
        continue
      }
      #expect(reason.contains("does not prove"))
    }
    #expect(try database.trust.list().isEmpty)
  }

  @Test("an inquiry offers the issuer only where it may be trusted")
  func offered() throws {
    #expect(TrustInquiry(question(try chain()), at: Self.now).issuer == issuer.chain[0])
    #expect(TrustInquiry(question(try chain(host: "other.example.org")), at: Self.now).issuer == nil)
    #expect(TrustInquiry(question([try chain()[0]]), at: Self.now).issuer == nil)
  }

  @Test("a changed certificate replaces the old one, or is kept beside it", arguments: [true, false])
  func changed(replacing: Bool) async throws {
    let (old, new) = (try chain(), try chain())
    #expect(await desk(.always(.certificate)).judge(question(old)) == .accept)
    #expect(await desk(.always(.certificate, replacing: replacing)).judge(question(new)) == .accept)
    #expect(await isTrusted(new))
    #expect(await isTrusted(old) == !replacing)
  }

  @Test("the nearest of several old certificates is shown first")
  func nearest() throws {
    let (far, near) = (try chain(), try chain(key: key))
    let other = try SelfSignedCertificate.make(key: .generate(.ecP256), commonName: "x", days: 2, purpose: .server)
    for old in [[other], near, far] {
      try database.trust.remember(host: "files.example.org", port: 2121, mode: .explicit, chain: old)
    }
    let inquiry = TrustInquiry(question(try chain(key: key)), previous: try database.trust.list(), at: Self.now)
    #expect(inquiry.previous.map(\.certificate) == [near[0], far[0], other])
    #expect(inquiry.changes.map(\.verdict.alarm) == [.low, .low, .high])
  }

  @Test("a certificate that was accepted and has expired since stays trusted, and that is said once")
  func expired() async throws {
    let shown = try chain(notAfter: -60)
    try database.trust.remember(host: "files.example.org", port: 2121, mode: .explicit, chain: shown)
    let desk = desk()
    for _ in 0..<3 { #expect(await desk.judge(question(shown)) == .accept) }
    #expect(said.lines.count == 1)
    #expect(said.lines[0].contains("expired on") && said.lines[0].contains("stays trusted"))
  }

  @Test("that a list of revoked certificates is of no use is said of one that was accepted, too, and once")
  func unusableList() async throws {
    let shown = try chain(notAfter: -60)
    try database.trust.remember(host: "files.example.org", port: 2121, mode: .explicit, chain: shown)
    let desk = desk()
    var question = question(shown)
    question.problems.append(.unusableRevocationList(issuer: "Example Issuing"))
    for _ in 0..<3 { #expect(await desk.judge(question) == .accept) }
    #expect(said.lines.count == 2 && said.lines.contains { $0.contains("has taken back is out of date") })
  }

  @Test("whom an authority vouches for is not asked about, unless one wants to be")
  func vouchedFor() async throws {
    let shown = try chain()
    var vouched = question(shown)
    vouched.problems = []
    #expect(await desk(policy: .known).judge(vouched) == .accept)
    #expect(await desk(policy: .known, asksAboutVouchedFor: true).judge(vouched) != .accept)
    #expect(await desk(.once, asksAboutVouchedFor: true).judge(vouched) == .accept)
    #expect(said.questions == 1)
    #expect(try Ferry.parseAsRoot(["--no-authorities"]) is BrowseCommand)
    #expect(Settings.read("authorities = false").settings.trustsAuthorities == false)
    #expect(Settings.read("authorities = 1").settings.trustsAuthorities == false)
    #expect(Settings.read("").settings.trustsAuthorities)
  }

  @Test(
    "a policy gives the same answers about a first certificate, and none about a changed one",
    arguments: [
      (TrustPolicy.once, nil), (.new, TrustedCertificate.Kind.certificate), (.newKey, .key), (.newIssuer, .issuer),
    ])
  func policies(policy: TrustPolicy, kept: TrustedCertificate.Kind?) async throws {
    #expect(await desk(policy: policy).judge(question(try chain())) == .accept)
    #expect(try database.trust.list().map(\.kind) == [kept].compactMap(\.self))
    try database.trust.remember(host: "files.example.org", port: 2121, mode: .explicit, chain: chain())
    let other = try Self.stranger()
    guard case .reject(let reason) = await desk(policy: policy).judge(question([other])) else {
      Issue.record("a changed one was accepted")
      return
    }
    #expect(reason.contains("it has changed"))
  }

  @Test("what is too weak or forged is not accepted unseen", arguments: [TrustPolicy.once, .new, .newKey])
  func unseen(policy: TrustPolicy) async throws {
    var question = question(try chain())
    question.problems = [.selfSigned, .weakKey("RSA 1024")]
    guard case .reject(let reason) = await desk(policy: policy).judge(question) else {
      Issue.record("accepted")
      return
    }
    #expect(reason.contains("nobody has looked at it"))
    #expect(await desk(.once).judge(question) == .accept)
  }

  @Test("what its issuer has taken back is refused, whatever was answered before (threat C08)")
  func takenBackByIssuer() async throws {
    let shown = try chain()
    try database.trust.remember(host: "files.example.org", port: 2121, mode: .explicit, chain: shown)
    var question = question(shown)
    #expect(await desk(policy: .known).judge(question) == .accept)
    question.problems.append(.revoked)
    for desk in [desk(.once), desk(.always(.key)), desk(policy: .new), desk(policy: .known)] {
      guard case .reject(let reason) = await desk.judge(question) else {
        Issue.record("accepted")
        continue
      }
      #expect(reason.contains("its issuer has taken it back"))
    }
    #expect(said.questions == 0)
    #expect(Settings.read("crl-file = \"/etc/x.crl\"").settings.revocationFile == "/etc/x.crl")
    // What cannot be understood must not trust anybody.
    #expect(Settings.read("crl-file = 3").settings.revocationFile == "")
  }

  @Test("trust that is taken back, here or by another copy, does not stand any more")
  func revoked() async throws {
    let shown = try chain()
    let desk = desk(.always(.certificate))
    #expect(await desk.judge(question(shown)) == .accept)
    #expect(try await desk.stands(question(shown)))
    let elsewhere = FerryDatabase(Home(folder: folder.path))
    for kept in try elsewhere.trust.list() { #expect(try elsewhere.trust.remove(kept.id)) }
    #expect(try await !desk.stands(question(shown)))
  }

  @Test("a cache that cannot be read has not taken anything back")
  func unreadable() async throws {
    let shown = try chain()
    let database = database
    let fails = Mutex(false)
    let desk = TrustDesk(
      store: {
        if fails.withLock({ $0 }) { throw StorageError.system("/ferry.db", doing: "open", errno: EMFILE) }
        return database.trust
      }, policy: .new)
    #expect(await desk.judge(question(shown)) == .accept)
    fails.withLock { $0 = true }
    await #expect(throws: StorageError.self) { try await desk.stands(question(shown)) }
    fails.withLock { $0 = false }
    #expect(try await desk.stands(question(shown)))
  }

  @Test("nor has a folder of client certificates that cannot be read")
  func unreadableIdentity() async throws {
    let store = IdentityStore(Home(folder: folder.path))
    let desk = IdentityDesk(store: store, database: database, passphrase: { nil }, asker: nil, notice: { _ in })
    let certificate = try SelfSignedCertificate.make(key: key, commonName: "me", days: 2, purpose: .client)
    try store.add("me", key: key, chain: [certificate], passphrase: nil)
    let identity = try await desk.identity("me")
    #expect(try await desk.stands(identity))
    let file = folder.appending("identities/me/certificate.pem")
    let away = folder.appending("identities/me/away.pem")
    #expect(rename(file.string, away.string) == 0)
    await #expect(throws: StorageError.self) { try await desk.stands(identity) }
    #expect(rename(away.string, file.string) == 0)
    #expect(try await desk.stands(identity))
    try store.remove("me")
    #expect(try await !desk.stands(identity))
  }

  @Test("what a terminal shows of a certificate steers nothing, and says what the clock says")
  func hostileText() throws {
    let key = try PrivateKey.generate(.ecP256)
    let template = CertificateTemplate(
      commonName: "\u{1B}[2J\u{202E}x\u{9B}31m", names: ["a\0b", "xn--bcher-kva.example", "c\u{1B}d"], notBefore: 0,
      notAfter: 1_000_000)
    let hostile = [try template.signed(for: key)] + (try chain())
    let old = try database.trust.remember(
      host: "files.example.org", port: 2121, mode: .explicit, chain: hostile, note: "\u{1B}[31m")
    var asked = question(hostile)
    asked.tlsVersion = "\u{1B}"
    for inquiry in [
      TrustInquiry(asked, at: Self.now), TrustInquiry(question(try chain()), previous: [old], at: Self.now),
    ] {
      let text = TrustInquiryText(inquiry)
      for line in [text.text, text.chain] + old.lines + [old.line] {
        let shown = line.filter { $0 != "\n" }
        #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && ![0x202E, 0x9B, 0x7F].contains($0.value) })
      }
    }
    let text = TrustInquiryText(TrustInquiry(asked, at: 1_732_179_600)).text
    for part in [
      "bücher.example (xn--bcher-kva.example)", "expired on 1970-01-12", "says 2024-11-21 09:00 UTC",
      "characters that do not show", "By phone", "Serial",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  private static func stranger() throws -> Certificate {
    try SelfSignedCertificate.make(key: .generate(.ecP256), commonName: "evil", days: 2, purpose: .server)
  }
}

/// What was said to a person, and how often one was asked.
final class Said: Sendable {
  private let state = Mutex<(lines: [String], questions: Int)>(([], 0))
  var lines: [String] { state.withLock { $0.lines } }
  var questions: Int { state.withLock { $0.questions } }
  func add(_ line: String) { state.withLock { $0.lines.append(line) } }
  func asked() { state.withLock { $0.questions += 1 } }
}

struct AnsweringInTurn: TrustAsker {
  let next: @Sendable () -> TrustDesk.Answer

  func ask(_ inquiry: TrustInquiry) async -> TrustDesk.Answer { next() }
}

private struct Answering: TrustAsker {
  let answer: TrustDesk.Answer
  let said: Said

  init(_ answer: TrustDesk.Answer, _ said: Said) { (self.answer, self.said) = (answer, said) }

  func ask(_ inquiry: TrustInquiry) async -> TrustDesk.Answer {
    said.asked()
    return answer
  }
}
