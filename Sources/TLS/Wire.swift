internal import COpenSSL

/// The network side of a session: ciphertext that came and was not read yet, and ciphertext to be sent. OpenSSL reaches
/// it through a BIO. Incoming bytes are read from the caller's memory while the caller lends it, outgoing bytes are
/// written to the caller's memory while there is room; only what is left over is kept here.
struct Wire {
  /// Memory that the caller lends for the duration of one call.
  private var lent = UnsafeRawBufferPointer(start: nil, count: 0)
  /// What came and was not read when the loan ended. It is older than `lent`.
  private var unread = ByteQueue()
  /// The TCP connection has ended: after the last byte comes the end.
  private(set) var hasEnded = false
  /// The first byte that ever came: TLS starts with 0x16 (handshake) or 0x15 (alert).
  private(set) var firstByte: UInt8?

  /// Memory of the caller for outgoing bytes, for the duration of one call.
  private var window = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var windowCount = 0
  /// Outgoing bytes that had no room in a window. While a window has room this is empty.
  private(set) var pending = ByteQueue()

  var unreadCount: Int { unread.count + lent.count }

  // MARK: in

  mutating func lend(_ bytes: UnsafeRawBufferPointer) {
    // A loan within a loan, from a handler that a read has called: the older bytes are kept, so that order holds.
    endLoan()
    if firstByte == nil { firstByte = bytes.first }
    lent = bytes
  }

  /// Ends the loan, and keeps what was not read.
  mutating func endLoan() {
    if !lent.isEmpty { unread.append(lent) }
    lent = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  mutating func end() {
    hasEnded = true
  }

  /// Moves what is there to `target`; 0 when there is nothing.
  mutating func read(into target: UnsafeMutableRawBufferPointer) -> Int {
    if unread.count > 0 { return unread.take(into: target) }
    let count = min(lent.count, target.count)
    if count == 0 { return 0 }
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: lent[..<count]))
    lent = UnsafeRawBufferPointer(rebasing: lent[count...])
    return count
  }

  // MARK: out

  mutating func openWindow(_ memory: UnsafeMutableRawBufferPointer) {
    precondition(window.isEmpty, "a window is open already")
    window = memory
    windowCount = pending.take(into: memory)
  }

  /// Ends the use of the caller's memory; how many bytes of it were written.
  mutating func closeWindow() -> Int {
    window = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    defer { windowCount = 0 }
    return windowCount
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) {
    let room = pending.count == 0 ? min(window.count - windowCount, bytes.count) : 0
    if room > 0 {
      UnsafeMutableRawBufferPointer(rebasing: window[windowCount...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<room]))
      windowCount += room
    }
    if room < bytes.count { pending.append(UnsafeRawBufferPointer(rebasing: bytes[room...])) }
  }

  /// Takes back bytes of a window that the caller will not send after all.
  mutating func putBack(_ bytes: UnsafeRawBufferPointer) {
    var all = ByteQueue()
    all.append(bytes)
    all.append(pending.bytes)
    pending.free()
    pending = all
  }

  mutating func dropPending(_ count: Int) {
    pending.drop(count)
  }

  mutating func free() {
    unread.free()
    pending.free()
  }
}

/// A growable run of raw bytes, added at the end and taken from the start. Its owner frees it.
struct ByteQueue {
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var start = 0
  private(set) var count = 0

  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: memory[start..<start + count])
  }

  mutating func append(_ more: UnsafeRawBufferPointer) {
    makeRoom(for: more.count)
    UnsafeMutableRawBufferPointer(rebasing: memory[(start + count)...]).copyMemory(from: more)
    count += more.count
  }

  mutating func take(into target: UnsafeMutableRawBufferPointer) -> Int {
    let taken = min(count, target.count)
    if taken == 0 { return 0 }
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
    drop(taken)
    return taken
  }

  mutating func drop(_ dropped: Int) {
    precondition(dropped <= count)
    count -= dropped
    start = count == 0 ? 0 : start + dropped
    // One large burst does not hold its memory for the life of the connection.
    if count == 0, memory.count > 1 << 18 { free() }
  }

  mutating func free() {
    memory.deallocate()
    self = ByteQueue()
  }

  private mutating func makeRoom(for more: Int) {
    if start + count + more <= memory.count { return }
    let target =
      count + more <= memory.count
      ? memory
      : UnsafeMutableRawBufferPointer.allocate(byteCount: max(count + more, 2 * memory.count, 4096), alignment: 16)
    // The two may be the same and overlap.
    target.copyMemory(from: bytes)
    if target.baseAddress != memory.baseAddress { memory.deallocate() }
    memory = target
    start = 0
  }
}

extension Wire {
  /// A BIO whose data is `wire`. The BIO does not own it: the wire must live until the BIO is freed.
  static func makeBIO(for wire: UnsafeMutablePointer<Wire>) -> OpaquePointer {
    guard let bio = BIO_new(method) else { preconditionFailure("out of memory") }
    BIO_set_data(bio, wire)
    BIO_set_init(bio, 1)
    return bio
  }

  /// Made once, never changed and never freed; hence safe from every thread.
  private nonisolated(unsafe) static let method: OpaquePointer? = {
    let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ferry wire")
    BIO_meth_set_read(method) { bio, target, count in
      guard let wire = Wire.of(bio) else { return -1 }
      ferry_bio_clear_retry_flags(bio)
      let taken = wire.pointee.read(into: UnsafeMutableRawBufferPointer(start: target, count: Int(count)))
      if taken > 0 { return Int32(taken) }
      if wire.pointee.hasEnded { return 0 }
      ferry_bio_set_retry_read(bio)
      return -1
    }
    BIO_meth_set_write(method) { bio, bytes, count in
      guard let wire = Wire.of(bio) else { return -1 }
      ferry_bio_clear_retry_flags(bio)
      wire.pointee.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
      return count
    }
    BIO_meth_set_ctrl(method) { bio, command, _, _ in
      switch command {
      case BIO_CTRL_FLUSH: 1
      case BIO_CTRL_EOF: Wire.of(bio).map { $0.pointee.hasEnded && $0.pointee.unreadCount == 0 ? 1 : 0 } ?? 1
      default: 0
      }
    }
    return method
  }()

  private static func of(_ bio: OpaquePointer?) -> UnsafeMutablePointer<Wire>? {
    BIO_get_data(bio)?.assumingMemoryBound(to: Wire.self)
  }
}
