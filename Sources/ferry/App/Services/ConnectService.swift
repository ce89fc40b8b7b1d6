import FTP

/// Sessions with servers, and the answers they wait for. Its questions come through the inbox (`AppEvent.asked`).
protocol ConnectService: Sendable {
  /// Opens a session, or takes the open one of the same server. Returns where it leads.
  func connect(_ request: ConnectRequest) async throws -> (server: ServerAddress, folder: RemotePath)
  /// Panes are at these servers now, or on their way there, and at no others.
  func visit(_ servers: Set<ServerAddress>)
  /// Closes the sessions that no transfer needs.
  func disconnect(_ server: ServerAddress) async
  func answerCertificate(_ id: Int, _ answer: TrustDesk.Answer) async
  /// Nil: nobody gives one.
  func answerPassword(_ id: Int, _ password: Secret?) async
}
