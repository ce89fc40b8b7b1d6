/// A saved site as the connect dialog offers it.
struct SiteChoice: Hashable, Sendable {
  var name: String
  /// For example `ftpes://ada@files.example.org/www`.
  var address: String
}
