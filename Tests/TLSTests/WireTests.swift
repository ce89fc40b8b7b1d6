import Testing

@testable import TLS

@Suite struct WireTests {
  @Test("lent and kept bytes are read in the order in which they came", arguments: 0..<20)
  func input(seed: UInt64) {
    var random = Seeded(seed)
    var wire = Wire()
    defer { wire.free() }
    var (sent, read): ([UInt8], [UInt8]) = ([], [])
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0...700, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      sent += bytes
      bytes.withUnsafeBytes { bytes in
        wire.lend(bytes)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
          var target = [UInt8](repeating: 0, count: Int.random(in: 1...400, using: &random))
          let count = target.withUnsafeMutableBytes { wire.read(into: $0) }
          read += target[..<count]
        }
        wire.endLoan()
      }
      #expect(wire.unreadCount == sent.count - read.count)
    }
    #expect(sent.starts(with: read))
  }

  @Test("bytes that do not fit into the window follow in the next one", arguments: 0..<20)
  func output(seed: UInt64) {
    var random = Seeded(seed)
    var wire = Wire()
    defer { wire.free() }
    var (written, sent): ([UInt8], [UInt8]) = ([], [])
    for _ in 0..<200 {
      var window = [UInt8](repeating: 0, count: Int.random(in: 0...900, using: &random))
      let count = window.withUnsafeMutableBytes { memory in
        wire.openWindow(memory)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
          let bytes = (0..<Int.random(in: 0...500, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
          }
          bytes.withUnsafeBytes { wire.write($0) }
          written += bytes
        }
        return wire.closeWindow()
      }
      sent += window[..<count]
      #expect(wire.pending.count == written.count - sent.count)
    }
    sent += Array(wire.pending.bytes)
    #expect(sent == written)
  }

  @Test("bytes of a window that is given up are sent later, and first")
  func putBack() {
    var wire = Wire()
    defer { wire.free() }
    Array("abc".utf8).withUnsafeBytes { wire.write($0) }
    Array("12".utf8).withUnsafeBytes { wire.putBack($0) }
    #expect(Array(wire.pending.bytes) == Array("12abc".utf8))
    wire.dropPending(4)
    #expect(Array(wire.pending.bytes) == Array("c".utf8))
  }

  @Test("large writes go through small windows and lent input unchanged", arguments: [TLSVersion.tls12, .tls13])
  func bulk(version: TLSVersion) throws {
    let link = try Sample.link(version)
    try link.shakeHands()
    var random = Seeded(7)
    let text = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    var received: [UInt8] = []
    let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: 5000, alignment: 1)
    let window = UnsafeMutableRawBufferPointer.allocate(byteCount: 20_000, alignment: 1)
    defer {
      plain.deallocate()
      window.deallocate()
    }
    func carry(_ count: Int) throws {
      try link.client.withInput(UnsafeRawBufferPointer(rebasing: window[..<count])) {
        while case .bytes(let count) = try link.client.read(into: plain) { received += plain[..<count] }
      }
    }
    try carry(try link.server.withOutput(window) { try text.withUnsafeBytes { try link.server.write($0) } })
    while link.server.pendingCiphertextCount > 0 { try carry(link.server.withOutput(window) {}) }
    #expect(received == text)
  }
}

/// Random numbers that are the same in each run.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed &+ 0x9E37_79B9_7F4A_7C15
  }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
