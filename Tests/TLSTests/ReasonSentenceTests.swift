import Testing

@testable import TLS

/// What a person is told: each reason why a certificate is not trusted, and each verdict on one that has changed, to
/// the word.
@Suite struct ReasonSentenceTests {
  struct Reason: Sendable, CustomTestStringConvertible {
    let problem: CertificateProblem
    let sentence: String
    var testDescription: String { sentence }

    init(_ problem: CertificateProblem, _ sentence: String) { (self.problem, self.sentence) = (problem, sentence) }
  }

  static let reasons = [
    Reason(
      .badSignature("Example"),
      "The signature on the certificate of “Example” is wrong: somebody changed or forged it."),
    Reason(.revoked, "The certificate was taken back by its issuer."),
    Reason(
      .unusableRevocationList(issuer: "Example"),
      "The list of the certificates that “Example” has taken back is out of date, or is not its own."),
    Reason(
      .nameMismatch(host: "a.example", names: ["b.example", "c.example"]),
      "The certificate is for b.example, c.example, not for a.example."),
    Reason(
      .misleadingName,
      "A name in the certificate holds characters that do not show, so it may not be what it looks like."),
    Reason(.selfSigned, "The certificate is self-signed: nobody but its owner vouches for it."),
    Reason(.unknownIssuer("Example"), "The issuer “Example” is not among the trusted issuers."),
    Reason(
      .incompleteChain(issuer: "Example"),
      "The server did not send the certificate of the issuer “Example”, so that it cannot be checked."),
    Reason(.loopingChain, "The issuers vouch for each other in a circle, so that nobody vouches for them."),
    Reason(.chainTooLong, "The chain of issuers is too long, and was not followed to its end."),
    Reason(.notAnAuthority("Example"), "“Example” has signed a certificate, but may not do so."),
    Reason(.forbiddenName, "One of the issuers may not vouch for the names in the certificate."),
    Reason(.expired(at: 1_795_249_800), "The certificate expired on 2026-11-21 08:30 UTC."),
    Reason(
      .notYetValid(from: 1_795_249_800),
      "The certificate is valid only from 2026-11-21 08:30 UTC; is the clock right?"),
    Reason(
      .issuerExpired("Example", at: 1_795_249_800),
      "The certificate of the issuer “Example” expired on 2026-11-21 08:30 UTC."),
    Reason(
      .issuerNotYetValid("Example", from: 1_795_249_800),
      "The certificate of the issuer “Example” is valid only from 2026-11-21 08:30 UTC; is the clock right?"),
    Reason(.unreadableDate, "A date in the certificate cannot be read."),
    Reason(
      .wrongPurpose,
      "The certificate was issued for another use: a server needs one for servers, a client one for clients."),
    Reason(
      .authorityOnServer,
      "The certificate is one that signs others, which no server should show as its own."),
    Reason(.weakKey("RSA 1024"), "The key is too weak (RSA 1024)."),
    Reason(.weakSignature("sha1WithRSAEncryption"), "The signature is too weak (sha1WithRSAEncryption)."),
    Reason(
      .outdatedForm,
      "The certificate has an outdated form (version 1) that cannot say what it may be used for."),
    Reason(.unknownCondition, "The certificate sets a condition that Ferry does not know."),
    Reason(.other("invalid CA"), "The certificate cannot be verified: invalid CA."),
  ]

  /// A number for each case: a new one does not compile here, and then has no row.
  private func number(of problem: CertificateProblem) -> Int {
    switch problem {
    case .badSignature: 0
    case .revoked: 1
    case .unusableRevocationList: 2
    case .nameMismatch: 3
    case .misleadingName: 4
    case .selfSigned: 5
    case .unknownIssuer: 6
    case .incompleteChain: 7
    case .loopingChain: 8
    case .chainTooLong: 9
    case .notAnAuthority: 10
    case .forbiddenName: 11
    case .expired: 12
    case .notYetValid: 13
    case .issuerExpired: 14
    case .issuerNotYetValid: 15
    case .unreadableDate: 16
    case .wrongPurpose: 17
    case .authorityOnServer: 18
    case .weakKey: 19
    case .weakSignature: 20
    case .outdatedForm: 21
    case .unknownCondition: 22
    case .other: 23
    }
  }

  @Test("each reason has its sentence", arguments: reasons)
  func reason(_ reason: Reason) {
    #expect(reason.problem.description == reason.sentence)
  }

  @Test("and none is without one")
  func every() {
    #expect(Self.reasons.map { number(of: $0.problem) } == Array(0...23))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let verdict: CertificateChange.Verdict
    let title: String
    let text: String
    var testDescription: String { title }
  }

  private static let left = CertificateChange.Remaining(days: 12)

  static let rows = [
    Row(
      verdict: .sameKey, title: "Renewed with the same key",
      text: "The new certificate has the key that you trusted, and the server has proved that it holds it."),
    Row(
      verdict: .renewal(issuer: "Example", left), title: "Renewed by the same issuer",
      text: "The new certificate is signed by the same issuer, “Example”, as the old one has 12 days left."),
    Row(
      verdict: .nowVouchedFor(issuer: "Example"), title: "Now an authority vouches for it",
      text: "The old certificate vouched for itself; for the new one vouches “Example”, which this system trusts. "
        + "Owners do this, yet ask if you can."),
    Row(
      verdict: .severalMachines(issuer: "Example"), title: "Perhaps another machine of the same host",
      text: "The same issuer, “Example”, signed both, and both were in use at the same time: several machines may "
        + "answer for this host. If its owner says so, keep both."),
    Row(
      verdict: .earlyRenewal(issuer: "Example", left), title: "By the same issuer, but early",
      text: "The same issuer, “Example”, signed both, but the old one has 12 days left. It may have been replaced "
        + "because its key was lost: ask the owner."),
    Row(
      verdict: .olderAgain(issuer: "Example"), title: "An older certificate is shown again",
      text: "The same issuer, “Example”, signed both, but this one is older than the one you trusted. Somebody may "
        + "use a certificate that was given up: ask the owner."),
    Row(
      verdict: .unproven(left), title: "Perhaps renewed by its owner",
      text: "Both certificates vouch for themselves, and the old one has 12 days left. Anybody can make such a one: "
        + "compare the fingerprint with the owner's."),
    Row(
      verdict: .everything, title: "Possible attack: nothing connects it with the old one",
      text: "Nothing connects the new certificate with the one you trusted. Somebody may be between you and the "
        + "server: accept it only if its owner confirms the fingerprint."),
  ]

  private func number(of verdict: CertificateChange.Verdict) -> Int {
    switch verdict {
    case .sameKey: 0
    case .renewal: 1
    case .nowVouchedFor: 2
    case .severalMachines: 3
    case .earlyRenewal: 4
    case .olderAgain: 5
    case .unproven: 6
    case .everything: 7
    }
  }

  @Test("each verdict on a changed certificate has its head and what to do", arguments: rows)
  func verdict(_ row: Row) {
    #expect(row.verdict.title == row.title && row.verdict.description == row.text)
  }

  @Test("and none of them is without")
  func everyVerdict() {
    #expect(Self.rows.map { number(of: $0.verdict) } == Array(0...7))
  }
}
