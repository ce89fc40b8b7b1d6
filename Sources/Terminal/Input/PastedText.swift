internal import Glibc

/// Text that was pasted; its line ends are `\n`.
///
/// It may be a password: no copy of its bytes is made, and they are wiped when the last owner lets go.
package final class PastedText: Sendable, Hashable, ExpressibleByStringLiteral {
  // Written only in `init`, before anybody else can see it.
  private nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
  private let count: Int

  /// Takes what a terminal sent: its line ends are CR, LF or CR LF.
  package init(sent: some Collection<UInt8>) {
    bytes = .allocate(byteCount: max(sent.count, 1), alignment: 1)
    var count = 0
    var previous: UInt8 = 0
    for byte in sent {
      if byte != 0x0a || previous != 0x0d {
        bytes[count] = byte == 0x0d ? 0x0a : byte
        count += 1
      }
      previous = byte
    }
    self.count = count
  }

  /// Text that is no secret.
  package convenience init(_ text: String) { self.init(sent: text.utf8) }
  package convenience init(stringLiteral text: String) { self.init(text) }

  deinit {
    explicit_bzero(bytes.baseAddress!, bytes.count)
    bytes.deallocate()
  }

  /// All of it, with what is not UTF-8 repaired; nobody wipes that, so it is for what is no secret.
  package var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

  /// Lends the bytes to `body`, which must not let a copy outlive its use.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
  }

  package static func == (left: PastedText, right: PastedText) -> Bool {
    left.withBytes { left in right.withBytes { left.elementsEqual($0) } }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(count) }
}
