internal import COpenSSL

/// What is known of the connection. Before the handshake is complete this is what is known so far.
extension TLSSession {
  /// The peer's certificates, its own first. After a resumed handshake only its own, which the session kept.
  package var peerChain: [Certificate] {
    let chain = SSL_get_peer_cert_chain(ssl)
    var certificates = (0..<ferry_certificates_count(chain)).compactMap { index in
      ferry_certificates_at(chain, index).map(Certificate.init(copying:))
    }
    // OpenSSL leaves the client's own certificate out on servers, and knows only the own one of a resumed session.
    if context.role == .server || certificates.isEmpty, let leaf = peerLeaf { certificates.insert(leaf, at: 0) }
    return certificates
  }

  /// The peer's own certificate; nil for a client that showed none.
  package var peerLeaf: Certificate? {
    if let leaf = SSL_get0_peer_certificate(ssl) { return Certificate(copying: leaf) }
    guard context.role == .client, let first = ferry_certificates_at(SSL_get_peer_cert_chain(ssl), 0) else {
      return nil
    }
    return Certificate(copying: first)
  }

  /// Whether the handshake resumed an earlier session. On a server: one of the same scope.
  package var isResumed: Bool { SSL_session_reused(ssl) == 1 }

  /// "TLS 1.3"
  package var version: String {
    TLSVersion(rawValue: Int(SSL_version(ssl)))?.description ?? String(cString: SSL_get_version(ssl))
  }

  /// OpenSSL's name, e.g. "TLS_AES_256_GCM_SHA384"; empty before one was chosen.
  package var cipher: String {
    // During the handshake of TLS 1.2 the chosen one is only pending.
    guard let cipher = SSL_get_current_cipher(ssl) ?? SSL_get_pending_cipher(ssl) else { return "" }
    return String(cString: SSL_CIPHER_get_name(cipher))
  }

  /// The issuers whose certificates the server accepts, on clients that were asked for one; empty means any.
  package var acceptedIssuers: [DistinguishedName] {
    let list = SSL_get0_peer_CA_list(ssl)
    return (0..<ferry_names_count(list)).map { DistinguishedName(ferry_names_at(list, $0)) }
  }

  /// The application protocol that both agreed on.
  package var alpn: String? {
    var name: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    SSL_get0_alpn_selected(ssl, &name, &count)
    if count == 0 { return nil }
    return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
  }

  /// The name that the client asked for (SNI), on servers.
  package var requestedName: String? {
    SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
  }

  /// Whether the peer has ended its side in order.
  package var hasReceivedCloseNotify: Bool { SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN != 0 }
}
