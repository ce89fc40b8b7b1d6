internal import COpenSSL

/// What OpenSSL calls back during a call of a session.
extension TLSSession {
  static func of(_ ssl: OpaquePointer?) -> TLSSession? {
    guard let ssl, let pointer = SSL_get_ex_data(ssl, 0) else { return nil }
    return Unmanaged<TLSSession>.fromOpaque(pointer).takeUnretainedValue()
  }

  static func of(verifying store: OpaquePointer) -> TLSSession? {
    let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx())
    return of(ssl.map { OpaquePointer($0) })
  }

  /// A client's question: 1 goes on, or pauses where a retry was set; 0 refuses.
  func judge(_ store: OpaquePointer) -> Int32 {
    switch verdict {
    case .accepted:
      X509_STORE_CTX_set_error(store, X509_V_OK)
      return 1
    case .rejected:
      X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED)
      return 0
    case .notAsked, .awaited:
      verdict = .awaited
      // Fails closed where OpenSSL cannot pause.
      return ferry_ssl_set_retry_verify(ssl) == 1 ? 1 : 0
    }
  }

  /// A server cannot pause, so that its policy answers at once.
  func judgeClient(_ store: OpaquePointer) -> Int32 {
    let sent = X509_STORE_CTX_get0_untrusted(store)
    let chain = (0..<ferry_certificates_count(sent)).compactMap { index in
      ferry_certificates_at(sent, index).map(Certificate.init(copying:))
    }
    let isAccepted =
      switch context.clientPolicy {
      case .none: false
      case .request(let accepts), .require(let accepts): !chain.isEmpty && accepts(chain)
      }
    X509_STORE_CTX_set_error(store, isAccepted ? X509_V_OK : X509_V_ERR_CERT_UNTRUSTED)
    verdict = isAccepted ? .accepted : .rejected
    return isAccepted ? 1 : 0
  }

  /// Looks at what the server stapled to its certificate: 1 goes on, 0 ends the handshake with an alert. A resumed
  /// session brings no certificate, and its first handshake was looked at.
  func judgeStaple() -> Int32 {
    if isResumed { return 1 }
    var bytes: UnsafePointer<UInt8>?
    let count = ferry_ssl_status_response(ssl, &bytes)
    let response = count > 0 ? Array(UnsafeBufferPointer(start: bytes, count: Int(count))) : nil
    stapleProblem = Staple.problem(in: response, of: peerChain)
    return stapleProblem == nil ? 1 : 0
  }

  func received(_ ticket: TLSTicket) {
    tickets?.add(ticket)
  }

  func certificateWasRequested() {
    wasAskedForCertificate = true
  }

  /// `value` is the level in the high byte and the alert's code in the low one.
  func sentAlert(_ value: Int32) {
    if value >> 8 == SSL3_AL_FATAL { alertSent = TLSAlert(rawValue: UInt8(value & 0xFF)) }
  }
}
