import ArgumentParser
import FTP
import FTPSClient

/// What the screen begins with.
struct BrowseStart: Sendable {
  /// What the panes show: a folder, an address or a site's name; nil is the current folder.
  var left: String?
  var right: String?
  /// The theme's name, if one was asked for.
  var theme: String?
  /// Files transferred at the same time, at least 1; nil leaves it to the settings.
  var jobs: Int?
  /// Bytes a second of all transfers; nil leaves it to the settings.
  var limit: Double?
  var connection: ConnectionOptions
  /// A password that is known before anybody asks.
  var login: CredentialSources.Completed?
  /// Keeps something alive for as long as the screen is there, such as the demo's server.
  var keeping: (any Sendable)?

  /// The engine, which asks `asker` about certificates.
  ///
  /// - Parameter sessions: with one server at the same time, for transfers.
  func makeEngine(
    asker: any TrustAsker, passphraseAsker: any PassphraseAsker, sessions: Int,
    transcript: (any Transcript)? = nil, book: SessionBook? = nil, notice: @escaping @Sendable (String) -> Void
  ) throws -> Engine {
    try Engine(
      connection, policy: connection.trust ?? .ask, asker: asker, passphraseAsker: passphraseAsker,
      sessionLimit: sessions + 2, reservedSessions: 1, transcript: transcript, book: book, notice: notice)
  }
}

/// A command that ends up on the screen.
protocol ScreenCommand: ParsableCommand {
  /// Gets ready what the screen begins with.
  func start() async throws -> BrowseStart
}
