import FTP
import FTPSClient
import Storage
import TLS

/// A question about a certificate in lines for a terminal; all foreign text in them is escaped.
struct TrustInquiryText {
  let inquiry: TrustInquiry

  init(_ inquiry: TrustInquiry) { self.inquiry = inquiry }

  /// What a person reads before the question.
  var text: String {
    let question = inquiry.question
    let server = question.server
    let host = "\(SafeText.escape(server.host)) port \(server.port)"
    var lines: [String] = [""]
    if inquiry.previous.isEmpty {
      lines.append("The certificate of \(host) (\(server.mode.rawValue) TLS) is not trusted yet.")
      if question.problems.isEmpty { lines.append("  An authority vouches for it; you want to be asked all the same.") }
    } else {
      lines += old
    }
    for problem in question.problems { lines.append("  ! \(problem)") }
    if question.problems.contains(where: \.isAboutDates) {
      lines.append("  The clock of this computer says \(Timestamp(seconds: inquiry.now).minuteText) UTC.")
    }
    lines += CertificateText(question.chain[0], at: inquiry.now).lines.map { "  " + $0 }
    lines.append("  Connection   \(SafeText.escape(question.tlsVersion)), \(SafeText.escape(question.cipher))")
    // The warning stands last, where the eye is when the question comes.
    if let change = inquiry.changes.first { lines += warning(host, change) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The certificates above the server's own.
  var chain: String {
    var lines: [String] = []
    let chain = inquiry.question.chain
    let links = ChainCheck.links(of: chain)
    for index in chain.indices.dropFirst() {
      lines.append("")
      lines.append("Certificate \(index + 1) of \(chain.count) (\(links[index].words(of: chain.count))):")
      lines += CertificateText(chain[index], at: inquiry.now).lines.map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What was trusted, in short.
  private var old: [String] {
    var lines: [String] = []
    for old in inquiry.previous {
      let first = Timestamp(seconds: old.firstSeen).minuteText
      let last = Timestamp(seconds: old.lastSeen).minuteText
      let text = CertificateText(old.certificate, at: inquiry.now)
      lines.append("Trusted until now (\(old.kind.words)), first seen \(first), last seen \(last) UTC:")
      lines += ([text.validityLine] + text.fingerprintLines).map { "  " + $0 }
    }
    return lines + ["Shown now:"]
  }

  /// How the nearest of the old ones is connected with the new one.
  private func warning(_ host: String, _ change: CertificateChange) -> [String] {
    let fields = CertificateChange.Field.allCases.filter(change.differing.contains).map(\.words)
    return [
      "  Different    \(fields.isEmpty ? "only the signature" : fields.joined(separator: ", "))",
      "WARNING: the certificate of \(host) has CHANGED.", "\(change.verdict.title).", "\(change.verdict)",
    ]
  }
}

extension TrustedCertificate.Kind {
  /// What is trusted: "this certificate", …
  var words: String {
    switch self {
    case .certificate: "this certificate"
    case .key: "its key"
    case .issuer: "its issuer for this host"
    }
  }
}

extension CertificateChange.Field {
  var words: String {
    switch self {
    case .subject: "subject"
    case .issuer: "issuer"
    case .names: "names"
    case .validity: "validity"
    case .serial: "serial number"
    case .key: "kind of key"
    case .publicKey: "key"
    case .signatureAlgorithm: "signature algorithm"
    case .uses: "uses"
    }
  }
}

extension ChainCheck.Link {
  /// Who vouches for a certificate of a chain.
  func words(of count: Int) -> String {
    switch self {
    case .signedBy(let index): "signed by certificate \(index + 1) of \(count), checked"
    case .signedByItself: "signed by itself"
    case .issuerMissing: "its issuer's certificate did not come with it"
    case .forged: "NOT signed by the issuer that it names"
    }
  }
}
