import FTP
import NIOCore
import NIOPosix
import TLS

extension Opening {
  /// Waits for the greeting. Where none comes, a port that waits for TLS is recognised well before the deadline.
  func greet() async throws -> Reply {
    let isImplicit = configuration.server.mode == .implicit
    let suspicion =
      isImplicit
      ? nil
      : eventLoop.scheduleTask(in: TimeAmount(timeouts.silence)) { [self] in
        assumeIsolated { $0.probeForTLS() }
      }
    defer { suspicion?.cancel() }
    let port = configuration.server.port
    while true {
      let reply = try await control.greeting.next(within: timeouts.greeting, on: eventLoop) { [control] in
        control.fail(isImplicit || control.hasHeard ? .timeout("the greeting") : .silentPort(port))
      }
      // 120: ready in n minutes; the final 220 follows on the same connection.
      if reply.isPreliminary { continue }
      if reply.code == 220 { return reply }
      if reply.code == 421 || reply.saysTooManyConnections { throw FTPSError.tooManyConnections(reply) }
      throw FTPSError.notFTP(greeting: SafeText.escape(reply.text))
    }
  }

  /// Asks on a second connection whether the far end speaks TLS, which a server with implicit TLS waits to hear.
  private func probeForTLS() {
    guard !control.hasHeard, control.failure == nil, let context = try? TLSContexts.client(for: configuration) else {
      return
    }
    let port = configuration.server.port
    TLSProbe.start(
      at: peer, serverName: configuration.server.host, context, within: timeouts.greeting, on: eventLoop
    ) { [control] in
      // The greeting may have come meanwhile.
      if !control.hasHeard { control.fail(.silentPort(port, speaksTLS: true)) }
    }
  }
}
