import FTP

extension PaneState {
  /// The server that was asked for and is not reached, where nothing else is shown: what the pane was at before is named
  /// nowhere, so that nothing can be meant for it.
  var serverAhead: ServerAddress? {
    if case .connecting(let server) = activity, isUnfilled { return server }
    return problem == nil ? nil : unreached?.server
  }

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
    guard isSomewhere(side) else { return false }
    guard let destination = self[side].destination else { return true }
    say("The \(side) pane is still on its way to \(destination): wait until it is there.", isError: true)
    return false
  }

  /// Whether what is done in a pane can be about a place that it shows. Says so where not.
  mutating func isSomewhere(_ side: Side) -> Bool {
    guard let server = self[side].serverAhead else { return true }
    let name = SafeText.escape(Array("\(server)".utf8))
    let text =
      self[side].isBusy
      ? "is still on its way to \(name): wait until it is there." : "did not get to \(name): nothing can be done there."
    say("The \(side) pane \(text)", isError: true)
    return false
  }
}

extension Action {
  /// Whether it is about the folder that the pane shows, or what is in it, and does not lead elsewhere.
  var isAboutFolder: Bool {
    switch self {
    case .view, .edit, .copy, .move, .rename, .permissions, .makeFolder, .delete, .sameFolder: true
    default: false
    }
  }
}
