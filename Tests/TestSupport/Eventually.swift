/// Looks again and again until a state is there.
///
/// - Returns: whether it came within `timeout`.
package func eventually(
  within timeout: Duration = .seconds(10), every pause: Duration = .milliseconds(10),
  _ isThere: () async throws -> Bool
) async throws -> Bool {
  let deadline = ContinuousClock.now + timeout
  while true {
    if try await isThere() { return true }
    if ContinuousClock.now > deadline { return false }
    try await Task.sleep(for: pause)
  }
}
