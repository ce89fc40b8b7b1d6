package import TLS

/// What a finished handshake has settled.
package struct TLSFacts: Sendable, Hashable {
  /// "TLS 1.2" or "TLS 1.3".
  package var version: String
  /// OpenSSL's name of the cipher suite, such as "TLS_AES_256_GCM_SHA384".
  package var cipher: String
  /// Whether an earlier session was resumed, so that no certificate had to be checked.
  package var isResumed: Bool
  /// The peer's chain, its own certificate first; after a resumption only what the session kept of it.
  package var peerChain: [Certificate]
  /// Whether the server asked this client for a certificate; not known after a resumption.
  package var wasAskedForCertificate: Bool
  /// The handshake's messages in order, where they were noted.
  package var messages: [HandshakeMessage]

  package init(
    version: String, cipher: String, isResumed: Bool, peerChain: [Certificate], wasAskedForCertificate: Bool = false,
    messages: [HandshakeMessage] = []
  ) {
    self.version = version
    self.cipher = cipher
    self.isResumed = isResumed
    self.peerChain = peerChain
    self.wasAskedForCertificate = wasAskedForCertificate
    self.messages = messages
  }

  init(_ session: TLSSession) {
    self.init(
      version: session.version, cipher: session.cipher, isResumed: session.isResumed, peerChain: session.peerChain,
      wasAskedForCertificate: session.wasAskedForCertificate, messages: session.handshakeMessages)
  }
}

/// What a ``TLSHandler`` tells the handlers above it.
package enum TLSEvent: Sendable {
  /// Both sides agree; what was written so far goes out now.
  case handshakeCompleted(TLSFacts)
  /// The peer ended its half in an orderly way: nothing that it sent is missing.
  case closeNotifyReceived
}
