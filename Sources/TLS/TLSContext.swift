internal import COpenSSL

/// What all sessions of a kind share: versions, own certificate and key, what is asked of the peer.
///
/// Never changed after it was made, and OpenSSL counts and locks what sessions share in it; hence sendable.
package final class TLSContext: @unchecked Sendable {
  let pointer: OpaquePointer
  let role: Role
  /// Decides on a client's certificate, on servers.
  let clientPolicy: ClientCertificatePolicy

  enum Role {
    case client
    case server
  }

  /// For sessions that connect. The peer's certificate is never checked here: every full handshake pauses with
  /// `.needsVerdict`.
  ///
  /// `OPENSSL_CONF` applies; `minimum` can only raise what it says, and `maximum` only lower it.
  /// Throws `TLSError.refused` when OpenSSL does not take the identity.
  package static func client(
    identity: Identity? = nil, minimum: TLSVersion = .tls12, maximum: TLSVersion = .tls13
  ) throws(TLSError) -> TLSContext {
    let context = TLSContext(.client, minimum: minimum, maximum: maximum)
    if let identity { try context.use(identity) }
    // The application keeps the tickets; OpenSSL keeps none.
    ferry_ssl_ctx_set_cache_mode(context.pointer, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
    SSL_CTX_sess_set_new_cb(context.pointer) { ssl, session in
      if let session, let ticket = TLSTicket(copying: session) { TLSSession.of(ssl)?.received(ticket) }
      // OpenSSL keeps its reference.
      return 0
    }
    SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
    SSL_CTX_set_cert_verify_callback(
      context.pointer,
      { store, _ in
        guard let store, let session = TLSSession.of(verifying: store) else { return 0 }
        return session.judge(store)
      }, nil)
    ferry_ssl_ctx_set_status_cb(context.pointer) { ssl, _ in
      TLSSession.of(ssl)?.judgeStaple() ?? 0
    }
    SSL_CTX_set_cert_cb(
      context.pointer,
      { ssl, _ in
        TLSSession.of(ssl)?.certificateWasRequested()
        return 1
      }, nil)
    return context
  }

  /// For sessions that accept. Two tickets follow each full handshake of TLS 1.3, and one each resumed one.
  package static func server(
    identity: Identity, clientCertificates: ClientCertificatePolicy = .none,
    applicationProtocols: ApplicationProtocolPolicy = .ftpOrNone,
    minimum: TLSVersion = .tls12, maximum: TLSVersion = .tls13
  ) throws(TLSError) -> TLSContext {
    let context = TLSContext(.server, minimum: minimum, maximum: maximum, clientPolicy: clientCertificates)
    try context.use(identity)
    // The cache is for clients of TLS 1.2 that resume by session identifier, such as curl.
    ferry_ssl_ctx_set_cache_mode(context.pointer, Int(SSL_SESS_CACHE_SERVER))
    // One for each control connection is enough; a client's certificate is in each, and OpenSSL would keep 20,000.
    ferry_ssl_ctx_set_cache_size(context.pointer, 1024)
    SSL_CTX_set_timeout(context.pointer, 24 * 60 * 60)
    let mode =
      switch clientCertificates {
      case .none: SSL_VERIFY_NONE
      case .request: SSL_VERIFY_PEER
      case .require: SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
      }
    SSL_CTX_set_verify(context.pointer, mode, nil)
    SSL_CTX_set_cert_verify_callback(
      context.pointer,
      { store, _ in
        guard let store, let session = TLSSession.of(verifying: store) else { return 0 }
        return session.judgeClient(store)
      }, nil)
    if applicationProtocols == .ftpOrNone { context.selectFTP() }
    return context
  }

  private init(
    _ role: Role, minimum: TLSVersion, maximum: TLSVersion, clientPolicy: ClientCertificatePolicy = .none
  ) {
    ErrorQueue.clear()
    guard let pointer = SSL_CTX_new(role == .client ? TLS_client_method() : TLS_server_method()) else {
      preconditionFailure("OpenSSL cannot start: \(ErrorQueue.reason())")
    }
    self.pointer = pointer
    self.role = role
    self.clientPolicy = clientPolicy
    SSL_CTX_set_options(pointer, ferry_op_no_compression | ferry_op_no_renegotiation)
    SSL_CTX_clear_options(pointer, ferry_op_ignore_unexpected_eof)
    ferry_ssl_ctx_set_mode(pointer, Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
    // 0 means no limit.
    if ferry_ssl_ctx_min_version(pointer) < minimum.rawValue {
      ferry_ssl_ctx_set_min_version(pointer, Int32(minimum.rawValue))
    }
    let most = ferry_ssl_ctx_max_version(pointer)
    if maximum != .tls13, most == 0 || most > maximum.rawValue {
      ferry_ssl_ctx_set_max_version(pointer, Int32(maximum.rawValue))
    }
    SSL_CTX_set_info_callback(pointer) { ssl, event, value in
      guard event == SSL_CB_WRITE_ALERT, let ssl else { return }
      TLSSession.of(ssl)?.sentAlert(value)
    }
  }

  deinit {
    SSL_CTX_free(pointer)
  }

  private func use(_ identity: Identity) throws(TLSError) {
    for (index, certificate) in identity.chain.enumerated() {
      try certificate.withX509 { x509 throws(TLSError) in
        try check(
          "certificate",
          index == 0 ? SSL_CTX_use_certificate(pointer, x509) : Int32(ferry_ssl_ctx_add1_chain_cert(pointer, x509)))
      }
    }
    try check("private key", SSL_CTX_use_PrivateKey(pointer, identity.key.pkey))
    try check("private key", SSL_CTX_check_private_key(pointer))
  }

  /// A client that offers protocols, but not FTP, was sent here by someone else (ALPACA); it gets an alert.
  private func selectFTP() {
    SSL_CTX_set_alpn_select_cb(
      pointer,
      { _, chosen, chosenCount, offered, offeredCount, _ in
        guard let offered else { return SSL_TLSEXT_ERR_NOACK }
        let list = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
        var index = 0
        while index < list.count {
          let count = Int(list[index])
          guard index + 1 + count <= list.count else { break }
          let name = UnsafeBufferPointer(rebasing: list[(index + 1)..<(index + 1 + count)])
          if name.elementsEqual("ftp".utf8) || name.elementsEqual("ftp-data".utf8) {
            chosen?.pointee = name.baseAddress
            chosenCount?.pointee = UInt8(count)
            return SSL_TLSEXT_ERR_OK
          }
          index += 1 + count
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
      }, nil)
  }
}

/// What a server does about certificates of clients. The decision is made during the handshake, without waiting; a
/// refused client gets an alert.
///
/// OpenSSL pauses only a client's handshake for a verdict, not a server's. Whoever has to look up or to ask lets `accepts`
/// say yes and judges `peerChain` when the handshake is complete: only then has the client proved, with its signature,
/// that the certificate is its own.
package enum ClientCertificatePolicy: Sendable {
  case none
  /// A client may have one; one that is shown must be accepted.
  case request(accepts: @Sendable ([Certificate]) -> Bool)
  /// A client must have one, and it must be accepted.
  case require(accepts: @Sendable ([Certificate]) -> Bool)
}

/// What a server does about application protocols (ALPN) that a client offers.
package enum ApplicationProtocolPolicy: Hashable, Sendable {
  /// "ftp" is chosen; an offer without it is refused; no offer is fine.
  case ftpOrNone
  /// Offers are not looked at.
  case ignored
}
