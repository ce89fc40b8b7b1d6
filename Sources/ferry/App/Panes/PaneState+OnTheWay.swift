import FTP

extension PaneState {
  /// Where it is going while it shows another folder yet, as words; nil where it is what it shows.
  fileprivate var destination: String? {
    switch activity {
    case .idle: nil
    case .listing(let place, _): place == self.place ? nil : SafeText.escape(place.pathBytes)
    case .connecting(let server): SafeText.escape(Array("\(server)".utf8))
    }
  }
}

extension PaneState {
  /// The server that it shows, that it is on its way to, and that another try would be about.
  fileprivate var servers: [ServerAddress] {
    let ahead: ServerAddress? =
      switch activity {
      case .idle: nil
      case .listing(let place, _): place.server
      case .connecting(let server): server
      }
    return [place.server, ahead, unreached?.server].compactMap(\.self)
  }
}

extension AppState {
  /// The servers at which a person is, or on the way there.
  var visited: Set<ServerAddress> { Set(Side.allCases.flatMap { self[$0].servers }) }

  /// Whether a pane can be a target: what it shows is where it is. Says so where not, as what is meant would be the folder
  /// that it is leaving.
  mutating func hasArrived(_ side: Side) -> Bool {
    guard let destination = self[side].destination else { return true }
    say("The \(side) pane is still on its way to \(destination): wait until it is there.", isError: true)
    return false
  }
}
