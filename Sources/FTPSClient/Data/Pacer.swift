import NIOCore

/// Says when bytes of transfers may move, so that all of them together keep below a limit.
package protocol Pacer: Sendable {
  /// The most bytes that should move at once: small where the limit is low, so that the flow is even.
  var grain: Int { get }
  /// Waits until that many bytes may move; never on a thread.
  ///
  /// - Throws: `CancellationError`.
  func pass(_ bytes: Int) async throws
}
