internal import COpenSSL
internal import Glibc

/// A small signing authority: what answers certificate requests of clients.
package enum CertificateAuthority {
  /// A new authority: a certificate that signs others for `days` days (at least one), but no further authorities.
  ///
  /// Throws `TLSError.invalid` for a subject that cannot be used, and `.refused`.
  package static func make(key: PrivateKey, subject: SubjectFields, days: Int) throws(TLSError) -> Identity {
    let now = Int64(time(nil))
    let template = CertificateTemplate(
      subject: try subject.distinguishedName, notBefore: now - 3600, notAfter: now + Int64(max(days, 1)) * 86400,
      basicConstraints: "critical,CA:TRUE,pathlen:0", keyUsage: "critical,keyCertSign,cRLSign")
    return try Identity(chain: [template.signed(for: key)], key: key)
  }

  /// Why a request cannot be signed; nil if it can. Whose it is, a person has to say.
  package static func problem(with request: CertificateRequest) -> TLSError? {
    func invalid(_ reason: String) -> TLSError { .invalid(what: "request", reason: reason) }
    if !request.hasValidSignature {
      return invalid("its own signature is wrong, so whoever made it may not hold its key, or it was damaged")
    }
    if request.securityBits < 112 { return invalid("its key is too weak (\(printable(request.key)))") }
    if request.subject.attributes.isEmpty { return invalid("it names nobody") }
    if !request.subject.isPlain { return invalid("its subject has characters in it that cannot be seen") }
    return nil
  }

  /// The certificate for a client that answers `request`: its subject and key, valid from an hour ago for `days` days.
  ///
  /// Throws `TLSError.invalid` for a request that `problem(with:)` speaks against, and where the authority cannot sign,
  /// or not for so long: a certificate that outlives its issuer's would stop before its time.
  package static func sign(
    _ request: CertificateRequest, by authority: Identity, days: Int
  ) throws(TLSError) -> Certificate {
    if let problem = problem(with: request) { throw problem }
    let now = Int64(time(nil))
    let details = authority.chain[0].details
    guard details.isAuthority, details.keyUsages.isEmpty || details.keyUsages.contains("certificate signing") else {
      throw .invalid(what: "authority", reason: "its certificate may not sign others")
    }
    guard details.notBefore <= now, now < details.notAfter else {
      throw .invalid(
        what: "authority",
        reason: "its own certificate is valid from \(CertificateProblem.date(details.notBefore)) to "
          + CertificateProblem.date(details.notAfter))
    }
    let notAfter = now + Int64(max(days, 1)) * 86400
    if notAfter > details.notAfter {
      let left = (details.notAfter - now) / 86400
      throw .invalid(
        what: "validity", reason: "the authority's own certificate lasts only \(left) more day\(left == 1 ? "" : "s")")
    }
    let template = CertificateTemplate(
      subject: request.subject, notBefore: now - 3600, notAfter: notAfter,
      keyUsage: endEntityUsage(isRSA: request.isForRSA), extendedKeyUsage: "clientAuth")
    return try template.signed(for: request, by: authority)
  }
}
