/// A client certificate as the screens show it; all text in it is foreign.
struct IdentityRow: Hashable, Sendable {
  var name: String
  /// Why it cannot be read, as a sentence; then there is no sheet.
  var problem: String?
  var sheet: CertificateQuestion.Sheet?
  /// "self-signed", or who signed it.
  var vouched = ""
  var isEncrypted = true
  var hasRequest = false
  /// The one before it is kept, as no server has let this one in yet.
  var isReplacing = false
  /// What its owner has to be reminded of, as a sentence.
  var reminder: String?
  /// The servers that have seen it and do not trust it yet.
  var waiting: [String] = []

  /// A few words for the list: the most pressing.
  var mark: String {
    if problem != nil { return "cannot be read" }
    if !waiting.isEmpty { return "awaits trust" }
    if reminder != nil { return "look at its dates" }
    return isEncrypted ? "" : "no passphrase"
  }
}

/// Something to do with client certificates, outside of the screen's thread.
enum IdentityTask: Hashable, Sendable {
  /// Reads them all, and which sites wait for trust.
  case load
  /// Nil leaves the key unencrypted.
  case create(NewIdentity, SecretBox?)
  case install(String, path: String)
  case takeBack(String)
  case renew(String)
  case setPassphrase(String, SecretBox?)
  case remove(String)
  /// A passphrase where the part is encrypted with one.
  case export(String, IdentityPart, path: String?, SecretBox? = nil)
  /// Keeps what another program has made.
  case take(IdentityIntake)
}

/// A client certificate of another program that is to be taken over.
struct IdentityIntake: Hashable, Sendable {
  var name: String
  /// One file, or those of the key and of the certificate, as a person types them.
  var paths: [String]
  /// What encrypts a key that no passphrase protects.
  var passphrase: SecretBox?
  /// Whether such a key may stay as it is.
  var mayStayOpen = false
}

/// What of a client certificate is given away, and in which form.
enum IdentityPart: Int, Hashable, Sendable, CaseIterable {
  case certificate, request, der, pkcs12

  var title: String {
    switch self {
    case .certificate: "certificate"
    case .request: "request (CSR)"
    case .der: "certificate (DER)"
    case .pkcs12: "with its key (PKCS#12)"
    }
  }

  /// How its files are called by most.
  var suffix: String {
    switch self {
    case .certificate: "pem"
    case .request: "csr"
    case .der: "der"
    case .pkcs12: "p12"
    }
  }

  /// Whether it is no text, so that it goes to a file.
  var isBinary: Bool { self == .der || self == .pkcs12 }
}

/// A key wants its passphrase.
struct PassphraseQuestion: Hashable, Sendable {
  /// Named again in the answer.
  let id: Int
  /// The name of the client certificate.
  var name: String
  /// The last answer did not open the key.
  var wasWrong: Bool
}

/// Why a server turned a client away for its certificate; the texts are foreign.
enum CertificateRefusal: Hashable, Sendable {
  /// It wants one, and none was shown; the issuers that it accepts.
  case wanted(issuers: [String])
  /// It has seen this one, and does not trust it (yet); `isAwaiting` says that it may come to.
  case refused(name: String, sha256: String, said: String, isAwaiting: Bool)
}
