import NIOCore

/// Room for one read from the socket of a data connection: little at first, which is all that a small file needs, then
/// so much that a fast connection costs few wake-ups.
struct DataReceiveAllocator: RecvByteBufferAllocator {
  private static let sizes = (first: 16 << 10, further: 256 << 10)
  private var size = sizes.first

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: size) }

  func nextBufferSize() -> Int? { size }

  mutating func record(actualReadBytes: Int) -> Bool {
    guard size == Self.sizes.first, actualReadBytes >= size else { return false }
    size = Self.sizes.further
    return true
  }
}
