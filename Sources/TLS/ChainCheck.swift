internal import COpenSSL
internal import Glibc

/// Looks for everything that speaks against a certificate chain, rather than for the first thing.
package enum ChainCheck {
  /// What the certificate is to be used for.
  package enum Purpose: Hashable, Sendable {
    case server
    case client
  }

  /// What speaks against `chain` (the peer's own certificate first) for `host`, the most important first; nothing means
  /// that it is trusted. No `host`, no check of the name. `now` is in seconds since 1970. It computes, up to tenths of a
  /// second where the lists of `revoked` are long: nothing for an event loop.
  package static func problems(
    of chain: [Certificate], host: String?, at now: Int64, roots: TrustRoots = .system, purpose: Purpose = .server,
    revoked: RevocationLists = RevocationLists()
  ) -> [CertificateProblem] {
    guard let leaf = chain.first else { return [.other("there is no certificate")] }
    var problems = chainProblems(chain, at: now, roots: roots, purpose: purpose, revoked: revoked)
    if let host, let mismatch = nameProblem(leaf, host: host) { problems.append(mismatch) }
    problems += formProblems(leaf)
    // That an issuer was not found is what a circle looks like to OpenSSL.
    if let lost = problems.firstIndex(where: { if case .unknownIssuer = $0 { true } else { false } }), isCircle(chain) {
      problems[lost] = .loopingChain
    }
    var seen: Set<CertificateProblem> = []
    return problems.filter { seen.insert($0).inserted }.sorted { $0.rank < $1.rank }
  }

  private static func nameProblem(_ leaf: Certificate, host: String) -> CertificateProblem? {
    let isMatch = leaf.withX509 { x509 in
      ErrorQueue.clear()
      guard let name = HostName(host) else { return false }
      switch name.kind {
      case .address(let bytes): return X509_check_ip(x509, bytes, bytes.count, 0) == 1
      case .name:
        let flags = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
        return X509_check_host(x509, name.ascii, name.ascii.utf8.count, flags, nil) == 1
      }
    }
    if isMatch { return nil }
    let details = leaf.details
    let names = details.names.isEmpty ? [details.subject.commonName].compactMap(\.self) : details.names
    return .nameMismatch(host: host, names: names)
  }

  /// What is wrong with the certificate whoever vouches for it.
  private static func formProblems(_ leaf: Certificate) -> [CertificateProblem] {
    let details = leaf.details
    var problems: [CertificateProblem] = []
    if details.version < 3 { problems.append(.outdatedForm) }
    if details.isAuthority, !details.isSelfIssued { problems.append(.authorityOnServer) }
    let values = (details.subject.attributes + details.issuer.attributes).map(\.value)
    if !(details.names + details.otherNames + values).allSatisfy(isPrintable) { problems.append(.misleadingName) }
    return problems
  }

  private static func chainProblems(
    _ chain: [Certificate], at now: Int64, roots: TrustRoots, purpose: Purpose, revoked: RevocationLists
  ) -> [CertificateProblem] {
    let (store, unreadable) = roots.makeStore()
    defer { X509_STORE_free(store) }
    var findings = Findings(chain: chain)
    findings.problems = unreadable.map { .other("the trusted issuers in \($0) cannot be read") }

    guard let context = X509_STORE_CTX_new(), let others = ferry_certificates_new() else {
      preconditionFailure("out of memory")
    }
    // The context is freed before what it only borrows.
    var lists: OpaquePointer?
    defer { ferry_crls_free(lists) }
    defer { ferry_certificates_free(others) }
    defer { X509_STORE_CTX_free(context) }
    // The stack keeps the reference that decoding gives.
    for certificate in chain.dropFirst() { ferry_certificates_push(others, X509.decode(certificate.der)) }
    chain[0].withX509 { leaf in
      ErrorQueue.clear()
      guard X509_STORE_CTX_init(context, store, leaf, others) == 1 else { preconditionFailure("out of memory") }
      let parameters = X509_STORE_CTX_get0_param(context)
      X509_VERIFY_PARAM_set_time(parameters, time_t(now))
      X509_VERIFY_PARAM_set_depth(parameters, 10)
      X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CHECK_SS_SIGNATURE))
      lists = revoked.apply(to: context)
      X509_STORE_CTX_set_purpose(context, purpose == .server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT)
      withUnsafeMutablePointer(to: &findings) { findings in
        X509_STORE_CTX_set_ex_data(context, 0, findings)
        X509_STORE_CTX_set_verify_cb(context) { isFine, context in
          if isFine == 1 { return 1 }
          guard let context, let findings = X509_STORE_CTX_get_ex_data(context, 0) else { return 0 }
          findings.assumingMemoryBound(to: Findings.self).pointee.add(X509_STORE_CTX_get_error(context), context)
          // Go on, to find everything.
          return 1
        }
        let result = X509_verify_cert(context)
        if result != 1, findings.pointee.problems.isEmpty {
          findings.pointee.add(X509_STORE_CTX_get_error(context), context)
        }
      }
      let built = X509_STORE_CTX_get0_chain(context)
      findings.addWeaknesses(of: built, untrusted: X509_STORE_CTX_get_num_untrusted(context))
      findings.problems += revoked.problems(of: built, unlisted: findings.unlisted, at: now)
      ErrorQueue.clear()
    }
    return findings.problems
  }
}

/// What one verification has found so far.
private struct Findings {
  let chain: [Certificate]
  var problems: [CertificateProblem] = []
  /// The places in the chain for which there is no list of revoked certificates that can be used.
  var unlisted: Set<Int32> = []

  /// Notes an error (`X509_V_ERR_…`) at the place where the verification is.
  mutating func add(_ error: Int32, _ context: OpaquePointer) {
    let depth = X509_STORE_CTX_get_error_depth(context)
    let details = X509_STORE_CTX_get_current_cert(context).map { Certificate(copying: $0).details } ?? chain[0].details
    switch error {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: problems.append(.selfSigned)
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: problems.append(.unknownIssuer(details.subject.shortName))
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      let issuer = details.issuer.shortName
      problems.append(depth == 0 && isLeftOut ? .incompleteChain(issuer: issuer) : .unknownIssuer(issuer))
    // These only repeat that the issuer was not found.
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED: break
    case X509_V_ERR_CERT_CHAIN_TOO_LONG: problems.append(.chainTooLong)
    case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE,
      X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY:
      problems.append(.badSignature(details.subject.shortName))
    case X509_V_ERR_CERT_REVOKED: problems.append(.revoked)
    case X509_V_ERR_UNABLE_TO_GET_CRL: unlisted.insert(depth)
    case X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_CRL_SIGNATURE_FAILURE,
      X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
      X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD,
      X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, X509_V_ERR_DIFFERENT_CRL_SCOPE,
      X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
      // In place of an issuer that is not there, OpenSSL looks whether the certificate itself has signed the list.
      if isIssuerMissing(at: depth, context) {
        unlisted.insert(depth)
        break
      }
      problems.append(.unusableRevocationList(issuer: details.issuer.shortName))
    case X509_V_ERR_INVALID_CA, X509_V_ERR_PATH_LENGTH_EXCEEDED, X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      problems.append(.notAnAuthority(details.subject.shortName))
    case X509_V_ERR_PERMITTED_VIOLATION, X509_V_ERR_EXCLUDED_VIOLATION, X509_V_ERR_SUBTREE_MINMAX,
      X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
      X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      problems.append(.forbiddenName)
    case X509_V_ERR_CERT_HAS_EXPIRED where depth == 0: problems.append(.expired(at: details.notAfter))
    case X509_V_ERR_CERT_HAS_EXPIRED:
      problems.append(.issuerExpired(details.subject.shortName, at: details.notAfter))
    case X509_V_ERR_CERT_NOT_YET_VALID where depth == 0: problems.append(.notYetValid(from: details.notBefore))
    case X509_V_ERR_CERT_NOT_YET_VALID:
      problems.append(.issuerNotYetValid(details.subject.shortName, from: details.notBefore))
    case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
      problems.append(.unreadableDate)
    case X509_V_ERR_INVALID_PURPOSE where depth == 0: problems.append(.wrongPurpose)
    case X509_V_ERR_INVALID_PURPOSE: problems.append(.notAnAuthority(details.subject.shortName))
    case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL: problems.append(.weakKey(details.key))
    case X509_V_ERR_CA_MD_TOO_WEAK: problems.append(.weakSignature(details.signatureAlgorithm))
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: problems.append(.unknownCondition)
    default: problems.append(.other(String(cString: X509_verify_cert_error_string(Int(error)))))
    }
  }

  private func isIssuerMissing(at depth: Int32, _ context: OpaquePointer) -> Bool {
    let built = X509_STORE_CTX_get0_chain(context)
    guard depth == ferry_certificates_count(built) - 1, let x509 = ferry_certificates_at(built, depth) else {
      return false
    }
    return X509_self_signed(x509, 0) != 1
  }

  /// Whether the issuer of the first certificate looks forgotten rather than unknown: other certificates came that do
  /// not lead to it, or the certificate names a place to fetch it from, as those of public authorities do.
  private var isLeftOut: Bool {
    chain.count > 1
      || chain[0].withX509 { x509 in
        guard let access = X509_get_ext_d2i(x509, NID_info_access, nil, nil).map({ OpaquePointer($0) }) else {
          return false
        }
        defer { AUTHORITY_INFO_ACCESS_free(access) }
        return (0..<ferry_access_count(access)).contains { ferry_access_is_issuers(access, $0) == 1 }
      }
  }

  /// Keys and signatures under 112 bits of security (OpenSSL's level 2). What is trusted is trusted as it is: the
  /// signature on a root, or on an issuer that the user trusts, proves nothing.
  ///
  /// - Parameter untrusted: how many certificates from the first one on came with the server's.
  mutating func addWeaknesses(of built: OpaquePointer?, untrusted: Int32) {
    for index in 0..<ferry_certificates_count(built) {
      guard let x509 = ferry_certificates_at(built, index) else { continue }
      if index > 0, X509_self_signed(x509, 0) == 1 { continue }
      if let key = X509_get0_pubkey(x509), EVP_PKEY_get_security_bits(key) < 112 {
        problems.append(.weakKey(keyDescription(key)))
      }
      if index > 0, index >= untrusted { continue }
      var strength: Int32 = 0
      if X509_get_signature_info(x509, nil, nil, &strength, nil) == 1, strength < 112 {
        problems.append(.weakSignature(signatureName(x509)))
      }
    }
  }
}
