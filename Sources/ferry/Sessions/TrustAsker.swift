import FTP
import FTPSClient
import Storage
import TLS

/// Who is asked when neither the cache nor the policy decides about a certificate: a dialog, or a prompt on the terminal.
protocol TrustAsker: Sendable {
  func ask(_ inquiry: TrustInquiry) async -> TrustDesk.Answer
}

/// All that a person needs to judge a certificate.
struct TrustInquiry: Sendable {
  var question: TrustQuestion
  /// What was trusted for the server until now, the one that is nearest to the new one first; if it is not empty, the
  /// certificate has changed.
  var previous: [TrustedCertificate] = []
  /// How each of `previous` is connected with what is shown now.
  var changes: [CertificateChange] = []
  /// The issuer that may be trusted for this host: it is proved to have signed the certificate.
  var issuer: Certificate?
  /// Seconds since 1970.
  var now: Int64

  init(_ question: TrustQuestion, previous: [TrustedCertificate] = [], at now: Int64) {
    self.question = question
    self.now = now
    let host = question.server.host
    issuer = ChainCheck.provenIssuer(of: question.chain, host: host, at: now)
    let compared = previous.map { old in
      (
        old: old,
        change: CertificateChange(
          from: [old.certificate] + old.issuers, lastSeen: old.lastSeen, to: question.chain,
          problems: question.problems, host: host, at: now)
      )
    }.sorted { left, right in
      let (a, b) = (left.change.verdict.alarm, right.change.verdict.alarm)
      return a == b ? left.old.lastSeen > right.old.lastSeen : a < b
    }
    self.previous = compared.map(\.old)
    changes = compared.map(\.change)
  }
}

extension TrustDesk {
  /// A person's answer to the question whether a certificate is to be trusted.
  enum Answer: Sendable, Hashable {
    case reject
    /// Until the server is left, or the program ends.
    case once
    /// Kept in the cache, and not asked again. Beside what was trusted before, or in its place.
    case always(TrustedCertificate.Kind, replacing: Bool = true)
  }
}
