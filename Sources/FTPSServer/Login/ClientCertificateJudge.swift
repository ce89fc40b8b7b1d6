package import TLS

/// Decides which clients' certificates are trusted. Asked when a handshake is complete, so that the client has proved
/// that the certificate is its own; it may take its time.
package protocol ClientCertificateJudge: Sendable {
  /// Those whose signature makes a client's certificate trusted; named to clients. Read on event loops: must not wait.
  var authorities: [Certificate] { get }

  /// What is decided about `chain`, which is not empty and begins with the client's own certificate.
  ///
  /// - Parameter address: the client's IP address.
  /// - Parameter isNew: whether somebody knocks, so that an unknown certificate is to be kept for the owner to decide on;
  ///   else the decision of somebody who is inside is looked at again.
  /// - Throws: where nothing can be found out. Then nobody is let in.
  func judge(_ chain: [Certificate], address: String, isNew: Bool) async throws -> ClientVerdict
}

/// What is decided about a client's certificate.
package enum ClientVerdict: Hashable, Sendable {
  /// It was trusted itself, or a trusted authority has signed it.
  case trusted
  /// Nobody has decided yet. Not `isKept`: there was no room to keep it for a decision.
  case undecided(isKept: Bool)
  /// The owner wants nothing to do with it.
  case rejected
  /// A trusted authority has signed it, but it is out of date, or not for clients; the reason is a sentence.
  case unfit(reason: String)
}

/// Whether a server asks clients for certificates.
package enum ClientCertificateDemand: Sendable {
  /// Never.
  case off
  /// A client may do without; one that it shows must be trusted.
  case request(any ClientCertificateJudge)
  /// Nobody logs in without a trusted one.
  case require(any ClientCertificateJudge)

  var judge: (any ClientCertificateJudge)? {
    switch self {
    case .off: nil
    case .request(let judge), .require(let judge): judge
    }
  }

  /// In the handshake every certificate passes, and none too: an alert has no room for a reason, clients show it as an
  /// error of TLS, and in TLS 1.3 the closing connection often takes it with it. The answer to USER says it in words.
  var policy: ClientCertificatePolicy {
    judge == nil ? .none : .request(accepts: { _ in true })
  }
}
