import FTP

extension AppState {
  /// A place as it is named in dialogs: shortened, escaped.
  func shortPath(_ place: Place) -> String {
    let path = SafeText.escape(place.pathBytes(home: home))
    guard let server = place.server else { return path }
    return "\(server)\(path)"
  }
}
