import Synchronization

/// How far the work on a tree is, in files and folders; written by the job, read by whoever shows it.
package final class EntryProgress: Sendable {
  private let doneCount = Atomic<Int>(0)
  private let foundCount = Atomic<Int>(0)
  private let leftCount = Atomic<Int>(0)

  package init() {}

  /// Those that are done.
  package var done: Int { doneCount.load(ordering: .relaxed) }
  /// Those of them to which something was done: links keep their permissions, as do files where only folders were meant.
  package var changed: Int { done - leftCount.load(ordering: .relaxed) }
  /// Those that are known of so far: more may be in folders that were not listed yet.
  package var found: Int { foundCount.load(ordering: .relaxed) }

  func addDone(_ count: Int = 1) { doneCount.add(count, ordering: .relaxed) }
  func addLeft(_ count: Int = 1) {
    leftCount.add(count, ordering: .relaxed)
    addDone(count)
  }
  func addFound(_ count: Int) { foundCount.add(count, ordering: .relaxed) }
}
