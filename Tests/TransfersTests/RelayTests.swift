import FTP
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import FTPSClient
@testable import Transfers

@Suite("Bytes on their way from one server to another", .timeLimit(.minutes(1)))
struct RelayTests {
  @Test("whoever brings them waits while enough are held, and nothing is lost")
  func bounded() async throws {
    let relay = Relay(progress: ByteProgress())
    let all = content(20_000_000)
    let brought = Atomic(0)
    async let bringing: Void = {
      for start in stride(from: 0, to: all.count, by: 100_000) {
        try await relay.write(ByteBuffer(bytes: all[start..<start + 100_000]))
        brought.add(100_000, ordering: .relaxed)
      }
      relay.finish(nil)
    }()
    #expect(try await eventually { relay.held >= Relay.limit })
    let first = brought.load(ordering: .relaxed)
    var taken: [UInt8] = []
    while let chunk = try await relay.read(upTo: 70_000) {
      #expect(chunk.readableBytes <= 70_000)
      #expect(relay.held < Relay.limit + 100_000)
      taken += chunk.readableBytesView
    }
    try await bringing
    #expect(first < Relay.limit + 100_000)
    #expect(taken == all)
  }

  @Test("the far end hears why the near one failed, and the near one that nobody takes any more")
  func failures() async throws {
    let relay = Relay(progress: ByteProgress())
    try await relay.write(ByteBuffer(string: "abc"))
    relay.finish(FTPSError.closed("reset"))
    #expect(try await relay.read(upTo: 10).map(String.init(buffer:)) == "abc")
    await #expect(throws: FTPSError.closed("reset")) { try await relay.read(upTo: 10) }

    let other = Relay(progress: ByteProgress())
    let bringing = Task { while true { try await other.write(ByteBuffer(bytes: content(500_000))) } }
    #expect(try await eventually { other.held >= Relay.limit })
    other.abandon()
    await #expect(throws: Relay.Abandoned.self) { try await bringing.value }
  }

  @Test("both ends stop waiting when they are cancelled")
  func cancelled() async throws {
    let empty = Relay(progress: ByteProgress())
    let reader = Task { try await empty.read(upTo: 10) }
    reader.cancel()
    await #expect(throws: CancellationError.self) { try await reader.value }

    let full = Relay(progress: ByteProgress())
    let writer = Task { while true { try await full.write(ByteBuffer(bytes: content(500_000))) } }
    #expect(try await eventually { full.held >= Relay.limit })
    writer.cancel()
    await #expect(throws: CancellationError.self) { try await writer.value }
  }

  @Test("turns are taken one after another, also by those that give up waiting")
  func turns() async throws {
    let turns = Turns()
    try await turns.take()
    let second = Task { try await turns.take() }
    let third = Task { try await turns.take() }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    await turns.pass()
    try await third.value
    await turns.pass()
    try await turns.take()
  }
}
