import FTP
import FTPSClient
import Synchronization

/// Which routes have worked between which servers, and which have not; forgotten with the process.
final class FXPMemory: Sendable {
  struct Pair: Hashable {
    var source: ServerAddress
    var target: ServerAddress
  }

  fileprivate struct Facts {
    var worked: Set<FXPRoute> = []
    var failures: [FXPRoute: Int] = [:]
    /// Refusals that may have been about the file.
    var doubts: [FXPRoute: Int] = [:]
    /// Why no route is left, or the last one failed, as a sentence for people.
    var reason: String?
  }

  /// A route that has brought files whole may fail this often before it is not used any more: networks fail, too.
  fileprivate static let patience = 2

  /// So many files in a row may be refused, before the first one has come through, until it is the route's fault.
  fileprivate static let doubtfulFiles = 3

  private let pairs = Mutex<[Pair: Facts]>([:])

  init() {}

  /// The best route that is not known to fail.
  func route(of pair: Pair, among routes: [FXPRoute]) -> FXPRoute? {
    pairs.withLock { pairs in
      guard let facts = pairs[pair] else { return routes.first }
      return routes.first { !facts.isRuledOut($0) }
    }
  }

  /// Why files of a pair go another way, as far as it was found out.
  func reason(of pair: Pair) -> String? { pairs.withLock { $0[pair]?.reason } }

  /// A route has brought a file whole.
  func learnWorked(_ route: FXPRoute, of pair: Pair) {
    pairs.withLock { pairs in
      var facts = pairs[pair] ?? Facts()
      facts.worked.insert(route)
      // What failed since it worked the last time counts, and not what ever did.
      facts.failures[route] = nil
      facts.doubts[route] = nil
      pairs[pair] = facts
    }
  }

  /// A route has failed for a reason that was not the file's.
  func learnFailed(_ route: FXPRoute, of pair: Pair, because reason: String) {
    pairs.withLock { pairs in
      pairs[pair, default: Facts()].failures[route, default: 0] += 1
      pairs[pair]?.reason = reason
    }
  }

  /// A server has refused a file, which may be the file's fault.
  func learnDoubt(_ route: FXPRoute, of pair: Pair, because reason: String) {
    pairs.withLock { pairs in
      pairs[pair, default: Facts()].doubts[route, default: 0] += 1
      pairs[pair]?.reason = reason
    }
  }
}

extension FXPMemory.Facts {
  fileprivate func isRuledOut(_ route: FXPRoute) -> Bool {
    if worked.contains(route) { return failures[route, default: 0] >= FXPMemory.patience }
    return failures[route, default: 0] > 0 || doubts[route, default: 0] >= FXPMemory.doubtfulFiles
  }
}
