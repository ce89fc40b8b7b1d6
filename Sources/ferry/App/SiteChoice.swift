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
  /// The name of the client certificate that it shows.
  var identity: String?
  /// It may exchange files directly with other such sites.
  var mayExchange = false
  /// It has seen a certificate that it does not trust yet.
  var isAwaitingTrust = false

  /// The name with what is to be known about it.
  var title: String { isAwaitingTrust ? "\(name) (awaiting trust)" : name }
}

extension ConnectRequest {
  init(_ site: SiteChoice) throws(FTPError) {
    try self.init(site.address, mode: .explicit)
    identity = site.identity
    if let mode = site.mode {
      server = ServerAddress(host: server.host, port: server.port, mode: mode, user: server.user)
    }
  }
}
