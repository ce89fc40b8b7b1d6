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
    try make(
      key: key, subject: DistinguishedName(commonName: commonName), names: names, days: days, purpose: purpose)
  }

  /// The same for a whole subject.
  package static func make(
    key: PrivateKey, subject: DistinguishedName, names: [String] = [], days: Int, purpose: Purpose
  ) throws(TLSError) -> Certificate {
    let now = Int64(time(nil))
    // A clock that is a little behind must not find the certificate not yet valid.
    let template = CertificateTemplate(
      subject: subject, names: names, notBefore: now - 3600, notAfter: now + Int64(max(days, 1)) * 86400,
      keyUsage: key.endEntityUsage, extendedKeyUsage: purpose == .server ? "serverAuth" : "clientAuth")
    return try template.signed(for: key)
  }
}

extension PrivateKey {
  var isRSA: Bool { EVP_PKEY_get_base_id(pkey) == EVP_PKEY_RSA }

  /// What the key of a client or server does, in OpenSSL's text form.
  var endEntityUsage: String { TLS.endEntityUsage(isRSA: isRSA) }
}

/// Only the RSA key exchange of TLS 1.2 encrypts with a certificate's key.
func endEntityUsage(isRSA: Bool) -> String {
  "critical,digitalSignature" + (isRSA ? ",keyEncipherment" : "")
}
