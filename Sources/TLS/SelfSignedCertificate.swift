internal import COpenSSL
internal import Glibc

/// Makes certificates that vouch for themselves: those of the embedded server, and of clients before a signer's answer.
package enum SelfSignedCertificate {
  package enum Purpose: Hashable, Sendable {
    case server
    case client
  }

  /// A certificate for `key`, valid from an hour ago for `days` days (at least one).
  ///
  /// `names` are DNS names and IP addresses; a name that can be no host is written as it is.
  /// Throws `TLSError.refused`, e.g. for a common name over 64 characters.
  package static func make(
    key: PrivateKey, commonName: String, names: [String] = [], days: Int, purpose: Purpose
  ) throws(TLSError) -> Certificate {
    let now = Int64(time(nil))
    // A clock that is a little behind must not find the certificate not yet valid.
    let template = CertificateTemplate(
      commonName: commonName, names: names, notBefore: now - 3600, notAfter: now + Int64(max(days, 1)) * 86400,
      keyUsage: "critical,digitalSignature" + (key.isRSA ? ",keyEncipherment" : ""),
      extendedKeyUsage: purpose == .server ? "serverAuth" : "clientAuth")
    return try template.signed(for: key)
  }
}

extension PrivateKey {
  var isRSA: Bool { EVP_PKEY_get_base_id(pkey) == EVP_PKEY_RSA }
}
