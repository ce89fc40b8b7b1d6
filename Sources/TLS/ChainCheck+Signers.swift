internal import COpenSSL

/// Who has signed whom in a chain, by the signatures and not by the names.
extension ChainCheck {
  /// How a certificate of a chain is vouched for within that chain.
  package enum Link: Hashable, Sendable {
    /// By the certificate at this place; the signature was checked.
    case signedBy(Int)
    /// By itself; the signature was checked.
    case signedByItself
    /// Its issuer is not in the chain.
    case issuerMissing
    /// What bears its issuer's name is in the chain, but did not sign it.
    case forged
  }

  /// Signatures are looked for among so many certificates, and in all at most so often: a chain is made by a stranger.
  private static let mostCertificates = 20
  private static let mostChecks = 40

  /// How each certificate of `chain` is vouched for, in its order; those after the twentieth are `issuerMissing`.
  package static func links(of chain: [Certificate]) -> [Link] {
    let looked = chain.prefix(mostCertificates)
    var checks = 0
    var links = looked.indices.map { index -> Link in
      var hasNamesake = false
      // The next one is the signer in every orderly chain.
      for candidate in [index + 1, index] + looked.indices.filter({ $0 != index && $0 != index + 1 })
      where candidate < looked.count && checks < mostChecks && looked[candidate].bearsName(ofIssuerOf: looked[index]) {
        hasNamesake = true
        checks += 1
        if looked[index].isSigned(by: looked[candidate]) {
          return candidate == index ? .signedByItself : .signedBy(candidate)
        }
      }
      return hasNamesake ? .forged : .issuerMissing
    }
    links += Array(repeating: .issuerMissing, count: chain.count - links.count)
    return links
  }

  /// The certificates of `chain` that vouch for the first one, from its issuer upwards, as far as signatures prove it.
  package static func signers(of chain: [Certificate]) -> [Certificate] {
    let links = links(of: chain)
    var signers: [Certificate] = []
    var (index, seen) = (0, Set([0]))
    while links.indices.contains(index), case .signedBy(let next) = links[index], seen.insert(next).inserted {
      signers.append(chain[next])
      index = next
    }
    return signers
  }

  /// The issuer that a person may trust for `host`: it has signed the first certificate of `chain`, and whoever trusts
  /// it finds nothing wrong with the chain. Nil where there is none.
  package static func provenIssuer(of chain: [Certificate], host: String, at now: Int64) -> Certificate? {
    signers(of: chain).first.flatMap { isProven(chain, by: $0, host: host, at: now) ? $0 : nil }
  }

  /// Whether the chain is right for `host` if `issuer` is trusted and nobody else: signatures, names, dates, uses.
  package static func isProven(_ chain: [Certificate], by issuer: Certificate, host: String, at now: Int64) -> Bool {
    // A certificate proves nothing about itself.
    chain.first != issuer && problems(of: chain, host: host, at: now, roots: .certificates([issuer])).isEmpty
  }

  /// Whether the certificates of a chain lead back to one of them that is not its own issuer.
  static func isCircle(_ chain: [Certificate]) -> Bool {
    let links = links(of: chain)
    var (index, seen) = (0, Set([0]))
    while links.indices.contains(index), case .signedBy(let next) = links[index] {
      guard seen.insert(next).inserted else { return true }
      index = next
    }
    return false
  }
}

extension Certificate {
  /// Whether the key of `issuer` has signed this certificate, and the names fit. Dates and uses are not looked at.
  package func isSigned(by issuer: Certificate) -> Bool {
    withX509 { x509 in
      issuer.withX509 { parent in
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        guard X509_check_issued(parent, x509) != X509_V_ERR_SUBJECT_ISSUER_MISMATCH,
          let key = X509_get0_pubkey(parent)
        else { return false }
        return X509_verify(x509, key) == 1
      }
    }
  }

  func bearsName(ofIssuerOf other: Certificate) -> Bool {
    withX509 { x509 in
      other.withX509 { X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name($0)) == 0 }
    }
  }
}
