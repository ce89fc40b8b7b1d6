import TLS

/// What a certificate says, as texts for people; any of them may come from a stranger and must be escaped when shown.
struct CertificateSheet: Hashable, Sendable {
  var subject: String
  var issuer: String
  /// Whether subject and issuer are the same.
  var isSelfIssued = false
  /// Host names with their "xn--" labels in both forms, addresses, and the other kinds of names.
  var names: [String]
  /// Seconds since 1970, UTC.
  var notBefore: Int64
  var notAfter: Int64
  var serial = ""
  /// For example `ECDSA P-256`.
  var key: String
  var signature = ""
  /// What it may be used for: "servers, digital signature"; empty where nothing is said.
  var uses = ""
  /// `AB:CD:…`, 32 bytes in hexadecimal.
  var sha256: String
  /// Its first and last digits, for the phone.
  var short = ""
  var sha1 = ""
  /// Who vouches for it within its chain; empty where that was not looked at.
  var voucher = ""
  /// A short name for lists: the common name, else the first name.
  var title = ""
}

extension CertificateSheet {
  /// A whole chain, with who vouches for whom in it.
  static func sheets(of chain: [Certificate]) -> [CertificateSheet] {
    zip(chain, ChainCheck.links(of: chain)).map { certificate, link in
      var sheet = CertificateSheet(certificate)
      sheet.voucher = link.words(of: chain.count)
      return sheet
    }
  }

  init(_ certificate: Certificate) {
    let details = certificate.details
    let purposes = details.extendedKeyUsages.map { Self.plainPurposes[$0] ?? $0 }
    self.init(
      subject: Self.shown(details.subject), issuer: Self.shown(details.issuer), isSelfIssued: details.isSelfIssued,
      names: details.names.map { ReadableName($0).description } + details.otherNames, notBefore: details.notBefore,
      notAfter: details.notAfter, serial: details.serial, key: Self.key(details),
      signature: details.signatureAlgorithm,
      uses: (purposes + details.keyUsages + (details.isAuthority ? ["may sign certificates"] : []))
        .joined(separator: ", "),
      sha256: String(certificate.sha256.description.dropFirst("SHA256:".count)), short: certificate.sha256.short,
      sha1: certificate.sha1, title: details.subject.commonName ?? details.names.first ?? Self.shown(details.subject))
  }

  private static let plainPurposes = [
    "TLS Web Server Authentication": "servers", "TLS Web Client Authentication": "clients",
    "E-mail Protection": "mail", "Code Signing": "programs",
  ]

  private static func shown(_ name: DistinguishedName) -> String {
    name.attributes.isEmpty ? "(no name)" : "\(name)"
  }

  /// "RSA 3072", "ECDSA P-256 (256 bits)": the number is there already for RSA.
  private static func key(_ details: CertificateDetails) -> String {
    details.key.hasSuffix(" \(details.keyBits)") || details.keyBits == 0
      ? details.key : "\(details.key) (\(details.keyBits) bits)"
  }
}
