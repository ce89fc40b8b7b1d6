import DequeModule
package import FTP

/// What happened in one session: how it began, and the newest events. What lies between is left out when it grows long,
/// so that a session that lasts for days takes no more memory than one of a minute.
package struct SessionRecord: Sendable, Hashable {
  /// Events kept from the beginning: enough for connection, TLS and login.
  package static let headLimit = 40
  /// Newest events kept.
  package static let tailLimit = 360

  /// The session's number within this process, from 1.
  package let number: Int
  /// Where it went and as whom.
  package let server: ServerAddress
  private var head: [SessionEvent] = []
  private var tail: Deque<SessionEvent> = []
  /// How many events were left out between the beginning and the newest.
  package private(set) var omitted = 0
  package private(set) var hasEnded = false

  package init(number: Int, server: ServerAddress, events: [SessionEvent] = []) {
    self.number = number
    self.server = server
    for event in events { append(event) }
  }

  package mutating func append(_ event: SessionEvent) {
    if case .ended = event.kind { hasEnded = true }
    guard head.count == Self.headLimit else { return head.append(event) }
    tail.append(event)
    if tail.count > Self.tailLimit {
      tail.removeFirst()
      omitted += 1
    }
  }

  /// The first events; ``omitted`` ones are missing between them and ``latest``.
  package var beginning: [SessionEvent] { head }
  package var latest: [SessionEvent] { Array(tail) }
  /// All that were kept, in order.
  package var events: [SessionEvent] { head + tail }
}
