/// How a file goes from one server to another.
package enum RelayWay: Hashable, Sendable {
  /// Directly (FXP): this machine sees none of its bytes.
  case betweenServers
  /// Through this machine, although both servers may be told to do it themselves; why, as a sentence for people.
  case throughHere(String)
}
