/// The longest that each kind of wait may take; nothing in a session waits without one of these.
package struct Timeouts: Sendable, Hashable {
  /// Name look-up and TCP connection of the control channel.
  package var connect: Duration = .seconds(20)
  /// From the TCP connection to the greeting; servers that look up the client's name need some of it.
  package var greeting: Duration = .seconds(15)
  /// From the TCP connection to the suspicion that the port waits for TLS, which is then looked into.
  package var silence: Duration = .seconds(3)
  /// A TLS handshake, not counting the time in which a person is asked about a certificate.
  package var handshake: Duration = .seconds(20)
  /// From a command to its reply.
  package var reply: Duration = .seconds(60)
  /// TCP connection of a data channel.
  package var dataConnect: Duration = .seconds(20)
  /// From the data connection of an upload to the server's preliminary reply; without it the upload begins all the
  /// same, as a few servers leave it out.
  package var goAhead: Duration = .seconds(10)
  /// A data channel on which not one byte moves.
  package var stall: Duration = .seconds(60)
  /// The server's half of an orderly close, and its reply to `QUIT` and `ABOR`: waited for, but not insisted on.
  package var farewell: Duration = .seconds(2)
  /// From a `NOOP` to its reply, which tells whether a session that was idle is still there.
  package var liveness: Duration = .seconds(5)

  package init() {}
}
