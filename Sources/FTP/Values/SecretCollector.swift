internal import Glibc

/// Collects the bytes of a secret while they are read, in memory that never moves, so that no copy is left behind, and
/// that is wiped in the end.
package struct SecretCollector: ~Copyable {
  private let pages: UnsafeMutableRawBufferPointer
  package private(set) var count = 0

  /// - Parameter capacity: how many bytes it can take; those that are not used cost nothing.
  package init(capacity: Int) {
    let size = max((capacity + 4095) / 4096 * 4096, 4096)
    guard let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), start != MAP_FAILED
    else { preconditionFailure("no memory for a secret") }
    _ = madvise(start, size, MADV_DONTDUMP)
    pages = UnsafeMutableRawBufferPointer(start: start, count: size)
  }

  deinit {
    explicit_bzero(pages.baseAddress!, count)
    _ = munmap(pages.baseAddress!, pages.count)
  }

  package var isFull: Bool { count == pages.count }

  /// Lends the free part to `read`, which says how many bytes it has put there.
  package mutating func fill<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) -> Int {
    let added = try read(UnsafeMutableRawBufferPointer(rebasing: pages[count...]))
    precondition((0...pages.count - count).contains(added))
    count += added
    return added
  }

  package mutating func append(_ byte: UInt8) {
    pages[count] = byte
    count += 1
  }

  /// What was collected.
  package var secret: Secret { Secret(utf8: pages[..<count]) }
}
