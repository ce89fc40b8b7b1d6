internal import Glibc

/// A password or passphrase: in pages of its own that are not swapped or dumped where the system allows it, wiped when
/// the last owner lets go, and never part of a description, a mirror or an encoding.
package final class Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  package let count: Int
  // Written only in `init`, before anybody else can see it.
  private nonisolated(unsafe) let pages: UnsafeMutableRawBufferPointer

  /// Copies `bytes`; wiping the original is up to the caller.
  package init(utf8 bytes: some Collection<UInt8>) {
    count = bytes.count
    let page = max(Int(sysconf(Int32(_SC_PAGESIZE))), 4096)
    let size = max(count + page - 1, page) / page * page
    guard let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), start != MAP_FAILED
    else { preconditionFailure("no memory for a secret") }
    // Best effort: RLIMIT_MEMLOCK may be small.
    _ = mlock(start, size)
    _ = madvise(start, size, MADV_DONTDUMP)
    pages = UnsafeMutableRawBufferPointer(start: start, count: size)
    pages.copyBytes(from: bytes)
  }

  /// The UTF-8 of `text`. The `String` itself cannot be wiped: for tests and for text that is public anyway.
  package convenience init(_ text: String) {
    self.init(utf8: text.utf8)
  }

  deinit {
    explicit_bzero(pages.baseAddress!, pages.count)
    _ = munmap(pages.baseAddress!, pages.count)
  }

  package var isEmpty: Bool { count == 0 }

  /// Its lines without their ends, which may be LF or CR LF; at least one, which may be empty.
  package var lines: [Secret] {
    withBytes { bytes in
      bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
        Secret(utf8: line.last == 0x0D ? line.dropLast() : line)
      }
    }
  }

  /// The first of its ``lines``.
  package var firstLine: Secret {
    withBytes { bytes in
      let line = bytes.prefix { $0 != 0x0A }
      return Secret(utf8: line.last == 0x0D ? line.dropLast() : line)
    }
  }

  /// Lends the bytes to `body`, which must not let a copy outlive its use.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: pages[..<count]))
  }

  /// In a time that tells only whether the lengths are equal.
  package static func == (left: Secret, right: Secret) -> Bool {
    guard left.count == right.count else { return false }
    return left.withBytes { left in
      right.withBytes { right in
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
      }
    }
  }

  package var description: String { "••••" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
