import FTP
import Storage
import SystemPackage

/// What the screen of trusted certificates wants done.
enum TrustRequest: Hashable, Sendable {
  case list
  case setNote(String, TrustedCertificate.ID)
  /// Trusts it no more, and ends the sessions with its server.
  case revoke(TrustedCertificate.ID, ServerAddress)
  /// Writes them, in PEM form, to a new file.
  case export([TrustedCertificate.ID], FilePath)
  /// Takes over a file; the server is that of a certificate whose file names none.
  case take(FilePath, for: ServerAddress?)
}

/// What came of a request.
struct TrustOutcome: Hashable, Sendable {
  /// All that is trusted now.
  var rows: [TrustRow]
  /// A sentence for the person.
  var said: String?
  var isError = false
}
