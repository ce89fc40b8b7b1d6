internal import COpenSSL

/// What is wrong with the answer of an issuer that a server sends along with its certificate (OCSP, RFC 6960).
package enum StapleProblem: Hashable, Sendable, CustomStringConvertible {
  /// The issuer has taken the certificate back.
  case revoked
  /// The answer is not the issuer's, is out of date, or is none.
  case invalid
  /// The certificate says that it always comes with an answer (RFC 7633), and it came without one.
  case missing

  package var description: String {
    switch self {
    case .revoked: "its issuer has taken it back"
    case .invalid: "the answer of its issuer that came with it is not valid"
    case .missing: "it must come with an answer of its issuer, and came without one"
    }
  }
}

/// Reads stapled answers. Nothing is ever fetched from an issuer: that would tell it who connects to whom.
enum Staple {
  /// Clocks of servers and of this machine may differ by so many seconds.
  private static let tolerance = 300

  /// What speaks against the first certificate of `chain` in the answer that came with it; nil where nothing does.
  ///
  /// An answer can only be judged where the issuer's certificate is in the chain; without it, it counts for nothing.
  static func problem(in response: [UInt8]?, of chain: [Certificate]) -> StapleProblem? {
    guard let leaf = chain.first else { return nil }
    let nothing: StapleProblem? = leaf.wantsStaple ? .missing : nil
    guard let response, let issuer = ChainCheck.signers(of: chain).first else { return nothing }
    ErrorQueue.clear()
    defer { ErrorQueue.clear() }
    guard let basic = decode(response) else { return .invalid }
    defer { OCSP_BASICRESP_free(basic) }
    guard isSigned(basic, by: issuer) else { return .invalid }
    switch status(of: leaf, issuer, in: basic) {
    case .some(V_OCSP_CERTSTATUS_GOOD): return nil
    case .some(V_OCSP_CERTSTATUS_REVOKED): return .revoked
    // The issuer does not know the certificate, or the answer is about another one.
    case .some, nil: return leaf.wantsStaple ? .missing : .invalid
    }
  }

  private static func decode(_ response: [UInt8]) -> OpaquePointer? {
    response.withUnsafeBufferPointer { bytes in
      var next = bytes.baseAddress
      guard let whole = d2i_OCSP_RESPONSE(nil, &next, bytes.count) else { return nil }
      defer { OCSP_RESPONSE_free(whole) }
      guard OCSP_response_status(whole) == OCSP_RESPONSE_STATUS_SUCCESSFUL else { return nil }
      return OCSP_response_get1_basic(whole)
    }
  }

  /// By the issuer itself, or by whom it has given the right to answer.
  private static func isSigned(_ basic: OpaquePointer, by issuer: Certificate) -> Bool {
    guard let store = X509_STORE_new(), let certificates = ferry_certificates_new() else {
      preconditionFailure("out of memory")
    }
    defer { X509_STORE_free(store) }
    defer { ferry_certificates_free(certificates) }
    X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    issuer.withX509 { _ = X509_STORE_add_cert(store, $0) }
    ferry_certificates_push(certificates, X509.decode(issuer.der))
    return OCSP_basic_verify(basic, certificates, store, 0) == 1
  }

  /// What the answer says about a certificate, as long as it is in date.
  private static func status(of leaf: Certificate, _ issuer: Certificate, in basic: OpaquePointer) -> Int32? {
    leaf.withX509 { x509 in
      issuer.withX509 { parent in
        for digest in [EVP_sha1(), EVP_sha256()] {
          guard let identifier = OCSP_cert_to_id(digest, x509, parent) else { continue }
          defer { OCSP_CERTID_free(identifier) }
          var (status, reason): (Int32, Int32) = (0, 0)
          var revoked: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
          var from: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
          var until: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
          guard OCSP_resp_find_status(basic, identifier, &status, &reason, &revoked, &from, &until) == 1 else {
            continue
          }
          return OCSP_check_validity(from, until, tolerance, -1) == 1 ? status : nil
        }
        return nil
      }
    }
  }
}

extension Certificate {
  /// Whether it says that a server always sends an answer along with it: the feature `status_request` (5).
  fileprivate var wantsStaple: Bool {
    withX509 { x509 in
      guard let features = X509_get_ext_d2i(x509, NID_tlsfeature, nil, nil).map({ OpaquePointer($0) }) else {
        return false
      }
      defer { ferry_integers_free(features) }
      return (0..<ferry_integers_count(features)).contains { ferry_integers_at(features, $0) == 5 }
    }
  }
}
