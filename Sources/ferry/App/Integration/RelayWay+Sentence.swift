import Transfers

extension RelayWay {
  /// For people.
  var sentence: String {
    switch self {
    case .betweenServers: "The servers exchange it directly; none of its bytes come by here."
    case .throughHere(let reason): "Through this machine. \(reason)"
    }
  }
}
