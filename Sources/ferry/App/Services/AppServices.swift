import FTPSClient
import SystemPackage

/// Everything behind the screen, put together once at the start.
struct AppServices: Sendable {
  /// This machine's files.
  var local: any PaneService
  /// Servers' files.
  var remote: any PaneService
  var connections: any ConnectService
  var transfers: any TransferService
  var compare: any CompareService
  var trust: any TrustService
  var sites: any SiteService
  /// What happened in the sessions.
  var book: SessionBook
  var identities: any IdentityService
  /// Makes the folder for copies of remote files that are edited.
  var editFolder: @Sendable () throws -> FilePath

  func panes(for place: Place) -> any PaneService { place.isLocal ? local : remote }
}
