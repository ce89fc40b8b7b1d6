import Testing

@testable import TLS

/// Each row of the verdict on a certificate that has changed (threat C02).
@Suite struct CertificateChangeTests {
  static let host = "files.example.org"
  static let day: Int64 = 86_400
  static let today = now()
  static let root = try! Authority(name: "Example Root") { ($0.notBefore, $0.notAfter) = (0, today + 4000 * day) }

  /// A certificate by the example's authority, valid from and until so many days from today.
  private func issued(
    _ days: ClosedRange<Int64>, by authority: Authority = Self.root, key: PrivateKey? = nil,
    _ change: (inout CertificateTemplate) -> Void = { _ in }
  ) throws -> [Certificate] {
    let leaf = try authority.issue(Self.host, key: key) {
      ($0.notBefore, $0.notAfter) = (Self.today + days.lowerBound * Self.day, Self.today + days.upperBound * Self.day)
      change(&$0)
    }
    return [leaf, authority.certificate]
  }

  private func selfSigned(_ days: ClosedRange<Int64>, name: String = Self.host) throws -> [Certificate] {
    let (first, last) = (Self.today + days.lowerBound * Self.day, Self.today + days.upperBound * Self.day)
    var template = CertificateTemplate.leaf(name, notAfter: last)
    template.notBefore = first
    return [try template.signed(for: .generate(.ecP256))]
  }

  private func change(
    _ old: [Certificate], _ new: [Certificate], lastSeen days: Int64 = -1, roots: TrustRoots = .none
  ) -> CertificateChange {
    CertificateChange(
      from: old, lastSeen: Self.today + days * Self.day, to: new,
      problems: ChainCheck.problems(of: new, host: Self.host, at: Self.today, roots: roots), host: Self.host,
      at: Self.today)
  }

  @Test("a renewal with the same key, whoever signed it")
  func sameKey() throws {
    let key = try PrivateKey.generate(.ecP256)
    let (old, new) = (try issued(-300...10, key: key), try issued(-1...365, key: key))
    #expect(change(old, new).verdict == .sameKey)
    #expect(change(old, new).differing == [.validity, .serial])
    let other = try Authority(name: "Another Root")
    #expect(change(old, try issued(-1...365, by: other, key: key)).verdict == .sameKey)
  }

  @Test("a renewal by the same issuer as the old one runs out, or has run out")
  func renewal() throws {
    let new = try issued(-1...365)
    for days in [Int64(30), 3, 0, -1, -100] {
      let verdict = change(try issued(-300...days), new).verdict
      #expect(verdict == .renewal(issuer: "Example Root", .init(days: Int(days) - (days < 0 ? 1 : 0))), "\(days)")
    }
  }

  @Test("the issuer must have signed: its name alone makes no renewal")
  func forgedIssuer() throws {
    let impostor = try Authority(name: "Example Root") { $0.notBefore = 0 }
    let new = try issued(-1...365, by: impostor)
    #expect(change(try issued(-300...3), new).verdict == .everything)
    #expect(change(try issued(-300...3), new + [Self.root.certificate]).verdict == .everything)
    // The issuer came with the old one, but never signed it.
    let old = [try issued(-300...3, by: Authority(name: "X") { $0.notBefore = 0 })[0], Self.root.certificate]
    #expect(change(old, try issued(-1...365)).verdict == .everything)
  }

  @Test("the same issuer, but for another host, or out of date")
  func wrongRenewal() throws {
    #expect(change(try issued(-300...3), try issued(-1...365) { $0.names = ["evil.example"] }).verdict == .everything)
    #expect(change(try issued(-300...3), try issued(-20...(-10))).verdict == .everything)
  }

  @Test("the same issuer, long before the old one runs out")
  func early() throws {
    let verdict = change(try issued(-60...300), try issued(0...365), lastSeen: -1).verdict
    #expect(verdict == .earlyRenewal(issuer: "Example Root", .init(days: 300)))
  }

  @Test("the same issuer, and both in use at the same time")
  func severalMachines() throws {
    let verdict = change(try issued(-60...300), try issued(-50...310), lastSeen: -1).verdict
    #expect(verdict == .severalMachines(issuer: "Example Root"))
  }

  @Test("the same issuer, but an older certificate than the one that was trusted")
  func older() throws {
    #expect(
      change(try issued(-10...355), try issued(-300...65)).verdict == .olderAgain(issuer: "Example Root"))
  }

  @Test("self-signed before, vouched for by the system's authorities now")
  func nowVouchedFor() throws {
    let new = try issued(-1...365)
    let roots = TrustRoots.certificates([Self.root.certificate])
    #expect(
      change(try selfSigned(-100...300), new, roots: roots).verdict == .nowVouchedFor(issuer: "Example Root"))
    #expect(change(try selfSigned(-100...300), new).verdict == .everything)
  }

  @Test("self-signed twice, the old one running out: plausible and unproved")
  func unproven() throws {
    #expect(change(try selfSigned(-300...5), try selfSigned(-1...365)).verdict == .unproven(.init(days: 5)))
    #expect(change(try selfSigned(-300...200), try selfSigned(-1...365)).verdict == .everything)
    #expect(change(try selfSigned(-300...5), try selfSigned(-1...365, name: "other")).verdict == .everything)
    #expect(change(try selfSigned(-300...5), try selfSigned(-400...365)).verdict == .everything)
  }

  @Test("nothing connects them")
  func everything() throws {
    let other = try Authority(name: "Another Root")
    let new = try other.issue("evil.example", key: .generate(.ed25519)) { $0.extendedKeyUsage = nil }
    let changed = change(try issued(-60...300), [new, other.certificate])
    #expect(changed.verdict == .everything)
    #expect(
      changed.differing == [
        .subject, .issuer, .names, .validity, .serial, .key, .publicKey, .uses,
      ])
  }

  @Test("the calm verdicts need a proof")
  func alarm() {
    let left = CertificateChange.Remaining(days: 3)
    let verdicts: [CertificateChange.Verdict] = [
      .sameKey, .renewal(issuer: "a", left), .nowVouchedFor(issuer: "a"), .severalMachines(issuer: "a"),
      .earlyRenewal(issuer: "a", left), .olderAgain(issuer: "a"), .unproven(left), .everything,
    ]
    #expect(verdicts.map(\.alarm) == [.low, .low, .middle, .middle, .middle, .high, .high, .high])
    for verdict in verdicts { #expect(verdict.description.hasSuffix(".") && !verdict.title.hasSuffix(".")) }
  }

  @Test(
    "the time that was left, in words",
    arguments: [
      (-12, "ran out 12 days ago"), (-1, "ran out within the last day"), (0, "runs out today"), (1, "has 1 day left"),
      (30, "has 30 days left"),
    ])
  func remaining(days: Int, text: String) {
    #expect(CertificateChange.Remaining(days: days).description == text)
  }

  @Test("foreign text in a verdict is escaped")
  func escaped() {
    #expect(!CertificateChange.Verdict.severalMachines(issuer: "a\u{1B}[2J").description.contains("\u{1B}"))
  }
}
