import FTP

/// A saved site as the list of sites and the connect dialog offer it.
struct SiteChoice: Hashable, Sendable {
  var name: String
  /// For example `ftpes://ada@files.example.org/www`.
  var address: String
  /// Where the address does not say it: `plaintext`.
  var mode: TLSMode?
  /// The local folder that is shown beside it.
  var localFolder: String?
  var notes = ""
}

extension ConnectRequest {
  init(_ site: SiteChoice) throws(FTPError) {
    try self.init(site.address, mode: .explicit)
    if let mode = site.mode {
      server = ServerAddress(host: server.host, port: server.port, mode: mode, user: server.user)
    }
  }
}
