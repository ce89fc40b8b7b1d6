/// What is known about the session behind a remote pane, for its footer.
struct LinkFacts: Hashable, Sendable {
  /// For example `TLS 1.3`; nil for a session without TLS.
  var tlsVersion: String?
  /// Whether the last data connection resumed the control connection's session; nil before the first.
  var isDataResumed: Bool?
  /// The time from a command to its reply, in milliseconds.
  var roundTrip: Int?
}
