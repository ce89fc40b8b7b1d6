import NIOCore

/// Slows down who guesses passwords, over all connections from an address.
struct LoginThrottle {
  /// How long the first wrong password takes; each further one takes twice as long.
  let delay: TimeAmount
  private var failures: [String: (count: Int, last: NIODeadline)] = [:]

  /// No answer takes longer.
  static let longest = TimeAmount.seconds(10)
  /// Failures older than this are forgotten.
  static let memory = TimeAmount.minutes(5)
  /// More addresses are not remembered, so that nobody fills the memory.
  static let capacity = 1000

  init(delay: TimeAmount) {
    self.delay = delay
  }

  /// How many addresses are remembered.
  var count: Int { failures.count }

  /// How long the answer to this wrong password from `address` must take.
  mutating func failed(_ address: String, now: NIODeadline) -> TimeAmount {
    failures = failures.filter { now - $0.value.last < Self.memory }
    let count = (failures[address]?.count ?? 0) + 1
    if failures.count < Self.capacity || failures[address] != nil { failures[address] = (count, now) }
    let factor = Int64(1) << Int64(min(count - 1, 16))
    return min(.nanoseconds(delay.nanoseconds.multipliedReportingOverflow(by: factor).partialValue), Self.longest)
  }

  mutating func succeeded(_ address: String) {
    failures[address] = nil
  }
}
