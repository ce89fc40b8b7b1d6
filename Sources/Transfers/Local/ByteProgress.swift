import Synchronization

/// How many bytes of one item have moved; written by the transfer, read by whoever shows it.
package final class ByteProgress: Sendable {
  private let count: Atomic<Int64>
  private let total = Atomic<Int64>(0)

  package init(from offset: Int64 = 0) { count = Atomic(offset) }

  /// Bytes that are over there, those of earlier attempts included.
  package var bytes: Int64 { count.load(ordering: .relaxed) }

  /// Bytes that have moved since it was made: never fewer than before, and none that an earlier attempt has brought.
  package var moved: Int64 { total.load(ordering: .relaxed) }

  /// More bytes have moved.
  package func add(_ bytes: Int) {
    count.add(Int64(bytes), ordering: .relaxed)
    total.add(Int64(bytes), ordering: .relaxed)
  }

  /// A new attempt begins at an offset.
  package func restart(at offset: Int64) { count.store(offset, ordering: .relaxed) }
}
