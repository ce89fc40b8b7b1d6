internal import COpenSSL

/// Why a certificate with its key cannot be shown to a server. Its description is one sentence for a person.
package enum ClientCertificateProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// The key belongs to another certificate.
  case keyMismatch
  /// Seconds since 1970.
  case expired(at: Int64)
  /// Seconds since 1970.
  case notYetValid(from: Int64)
  /// Its extended key usage names other purposes than a client's.
  case notForClients(usages: [String])
  /// e.g. "RSA 1024".
  case weakKey(String)

  /// The first thing that speaks against showing `leaf`; `now` is in seconds since 1970. Whether a server trusts it is
  /// for the server to say.
  package static func first(of leaf: Certificate, key: PrivateKey? = nil, at now: Int64) -> ClientCertificateProblem? {
    if let key, !key.matches(leaf) { return .keyMismatch }
    let details = leaf.details
    if now > details.notAfter { return .expired(at: details.notAfter) }
    if now < details.notBefore { return .notYetValid(from: details.notBefore) }
    let isForClients = leaf.withX509 { x509 in
      defer { ErrorQueue.clear() }
      return X509_check_purpose(x509, X509_PURPOSE_SSL_CLIENT, 0) == 1
    }
    if !isForClients { return .notForClients(usages: details.extendedKeyUsages) }
    let bits = leaf.withX509 { X509_get0_pubkey($0).map { EVP_PKEY_get_security_bits($0) } ?? 0 }
    if bits < 112 { return .weakKey(details.key) }
    return nil
  }

  package var description: String {
    switch self {
    case .keyMismatch: "The certificate does not belong to the private key."
    case .expired(let time): "The certificate expired on \(CertificateProblem.date(time))."
    case .notYetValid(let time):
      "The certificate is valid only from \(CertificateProblem.date(time)); is the clock right?"
    case .notForClients(let usages) where usages.isEmpty: "The certificate is not made for clients."
    case .notForClients(let usages):
      "The certificate is made for other purposes (\(usages.map(printable).joined(separator: ", "))), not for clients."
    case .weakKey(let key): "The key is too weak (\(printable(key)))."
    }
  }
}
