import TLS

/// The TLS contexts of this process's sessions: making one is dear, and it holds nothing of any session.
enum TLSContexts {
  private static let anonymous: Result<TLSContext, any Error> = Result { try TLSContext.client() }

  /// The context for a configuration: the shared one, or one of its own where a client certificate is to be
  /// shown.
  static func client(for configuration: SessionConfiguration) throws -> TLSContext {
    try configuration.identity?.context ?? anonymous.get()
  }
}
