/// The longest that each kind of wait may take; nothing in a session waits without one of these.
package struct Timeouts: Sendable, Hashable {
  /// Name look-up and TCP connection of the control channel.
  package var connect: Duration = .seconds(20)
  /// From the TCP connection to the greeting; servers that look up the client's name need some of it.
  package var greeting: Duration = .seconds(15)
  /// A TLS handshake, not counting the time in which a person is asked about a certificate.
  package var handshake: Duration = .seconds(20)
  /// From a command to its reply.
  package var reply: Duration = .seconds(60)
  /// TCP connection of a data channel.
  package var dataConnect: Duration = .seconds(20)
  /// A data channel on which not one byte moves.
  package var stall: Duration = .seconds(60)
  /// The server's half of an orderly close, and its reply to `QUIT` and `ABOR`: waited for, but not insisted on.
  package var farewell: Duration = .seconds(2)

  package init() {}
}
