internal import CNcurses
internal import Glibc

extension TerminalScreen {
  /// Waits for events and returns all there are: at least one, unless the deadline passes first. Without a deadline the
  /// process sleeps until something happens; with one in the past this only looks.
  package func nextEvents(until deadline: ContinuousClock.Instant? = nil) -> [Event] {
    checkThread()
    var events = queued
    queued.removeAll()
    while true {
      let patience = patienceLimit()
      let limit = events.isEmpty ? earlier(deadline, patience) : ContinuousClock.now
      let ready = wait(until: limit)
      if ready.signal { takeSignals(&events) }
      if ready.wake, waker.take() { events.append(.wake) }
      if ready.input {
        readInput(&events)
        waitingSince = decoder.patience == nil ? nil : ContinuousClock.now
      } else if let patience, ContinuousClock.now >= patience {
        events += decoder.flush()
        waitingSince = nil
      }
      events += queued
      queued.removeAll()
      if !events.isEmpty { return events }
      if let deadline, ContinuousClock.now >= deadline { return [] }
    }
  }

  /// Waits for events for at most `duration`; see `nextEvents(until:)`.
  package func nextEvents(within duration: Duration) -> [Event] { nextEvents(until: ContinuousClock.now + duration) }

  private func patienceLimit() -> ContinuousClock.Instant? {
    guard let patience = decoder.patience, let waitingSince else { return nil }
    switch patience {
    case .short: return waitingSince + .milliseconds(25)
    case .long: return waitingSince + .milliseconds(500)
    case .paste: return waitingSince + .seconds(10)
    }
  }

  private func earlier(_ a: ContinuousClock.Instant?, _ b: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
  }

  private func wait(until limit: ContinuousClock.Instant?) -> (input: Bool, wake: Bool, signal: Bool) {
    let readable = Int16(POLLIN)
    var waits = [
      pollfd(fd: isInputGone ? -1 : input, events: readable, revents: 0),
      pollfd(fd: waker.descriptor, events: readable, revents: 0),
      pollfd(fd: signals, events: readable, revents: 0),
    ]
    var milliseconds: Int32 = -1
    if let limit {
      let left = max(.zero, limit - ContinuousClock.now)
      let (seconds, attoseconds) = left.components
      // Rounded up: waking early would mean waking twice.
      milliseconds = Int32(min(1_000_000, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
    let count = poll(&waits, nfds_t(waits.count), milliseconds)
    return (count > 0 && waits[0].revents != 0, count > 0 && waits[1].revents != 0, count > 0 && waits[2].revents != 0)
  }

  /// Reads what there is, up to a limit so that a flood cannot keep the screen from being drawn.
  private func readInput(_ events: inout [Event]) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    // A password may have been typed or pasted.
    defer { explicit_bzero(&buffer, buffer.count) }
    for _ in 0..<16 {
      let count = Glibc.read(input, &buffer, buffer.count)
      if count > 0 {
        events += decoder.receive(buffer.prefix(count))
        if count < buffer.count { return }
        var more = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        if poll(&more, 1, 0) != 1 { return }
      } else if count < 0, errno == EINTR || errno == EAGAIN {
        return
      } else {
        isInputGone = true
        events.append(.terminated(.hangup))
        return
      }
    }
  }

  private func takeSignals(_ events: inout [Event]) {
    var count: UInt64 = 0
    _ = Glibc.read(signals, &count, 8)
    let flags = UInt32(bitPattern: signals_take())
    func came(_ flag: signal_flag) -> Bool { flags & flag.rawValue != 0 }
    if came(SIGNAL_STOP_ASKED) {
      stop()
    } else if came(SIGNAL_CONTINUED) {
      // Stopped without being asked (SIGSTOP): whoever had the terminal meanwhile has set it as they like.
      reenter()
    }
    if came(SIGNAL_RESIZED), adoptSize() { events.append(.resize(size)) }
    if came(SIGNAL_INTERRUPTED) { events.append(.terminated(.interrupt)) }
    if came(SIGNAL_TERMINATED) { events.append(.terminated(.terminate)) }
    if came(SIGNAL_HUNG_UP) { events.append(.terminated(.hangup)) }
  }
}
