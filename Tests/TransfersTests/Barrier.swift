import FTPSClient
import Synchronization

/// Lets the first bytes pass, and the others once it is opened.
final class Barrier: Pacer {
  private let isOpen = Mutex(false)
  private let passed = Mutex(0)
  var grain: Int { 1 << 16 }

  func open() { isOpen.withLock { $0 = true } }

  func pass(_ bytes: Int) async throws {
    let sum = passed.withLock { passed in
      passed += bytes
      return passed
    }
    while sum > 4 << 20, !isOpen.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
  }
}
