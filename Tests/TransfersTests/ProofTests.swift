import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

@Suite("Proofs")
struct ProofTests {
  @Test(
    "digests of bytes in pieces of any size",
    arguments: [
      (HashAlgorithm.crc32, "cbf43926"), (.md5, "25f9e794323b453885f5181f1b624d0b"),
      (.sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
      (.sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
      (
        .sha512,
        "d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb50"
          + "3acf574fba8ffe85"
      ),
    ], [1, 4, 9])
  func digests(_ known: (HashAlgorithm, String), _ size: Int) {
    let bytes = Array("123456789".utf8)
    let digest = ContentDigest(known.0)
    for start in stride(from: 0, to: bytes.count, by: size) {
      bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { digest.update($0) }
    }
    #expect(Proof.hash(known.0, digest.value, bytes: 9).digest == "\(known.0.rawValue) \(known.1)")
    #expect(digest.count == 9)
  }

  @Test(
    "a proof comes back from the journal as it was",
    arguments: [
      Proof.length(0), .length(.max), .hash(.sha256, Array(0..<32), bytes: 12),
      .hash(.crc32, [0, 1, 254, 255], bytes: 0),
      .readBack(5), .acknowledged(7), .folder, .renamed,
    ])
  func journal(_ proof: Proof) {
    #expect(Proof(journaled: proof.journaled, size: 99) == proof)
  }

  @Test("a proof that is spoilt in the journal is no digest")
  func spoilt() {
    for text in ["hash SHA-256 0g 12", "hash SHA-257 00 12", "hash SHA-256 000 12", "hash 12"] {
      #expect(Proof(journaled: text, size: 99) == .length(12), "\(text)")
    }
    #expect(Proof(journaled: "", size: 99) == .length(99))
  }
}

@Suite("Transfers that prove their content", .timeLimit(.minutes(2)))
struct VerificationTests {
  private static let size = 700_000

  @Test("the server's best digest is compared, without another transfer", arguments: [true, false], [0, 1, size])
  func digest(_ isDownload: Bool, _ size: Int) async throws {
    try await QueueWorld.with { world in
      let (from, to) = isDownload ? (world.remote, world.local.folder) : (world.local.folder, world.remote)
      try from.write(content(size), to: "a")
      let places = try isDownload ? (world.there(), world.here()) : (world.here(), world.there())
      let states = try await world.run([.init("a")], from: places.0, to: places.1, verify: true)
      let digest = ContentDigest(.sha512)
      content(size).withUnsafeBytes { digest.update($0) }
      #expect(Array(states.values) == [.done(.hash(.sha512, digest.value, bytes: Int64(size)))])
      #expect(world.commands.count("RETR") == (isDownload ? 1 : 0))
      #expect(try FileTree.read(to.appending("a")) == content(size))
    }
  }

  @Test("without a digest on the server, the content is read once more", arguments: [true, false])
  func readBack(_ isDownload: Bool) async throws {
    let (local, remote) = (try LocalPlace(), MemoryServer())
    let bytes = content(Self.size)
    if isDownload { remote["/a"] = MemoryServer.File(bytes) } else { try local.folder.write(bytes, to: "a") }
    let (here, there) = (ItemPath(.local(local.folder.appending("a"))), ItemPath(bytes: Array("/a".utf8)))
    let batch = TransferBatch(
      id: TransferBatch.ID(1), source: isDownload ? .remote(server) : .local,
      target: isDownload ? .local : .remote(server), verifies: true)
    let item = TransferItem(
      id: 1, batch: batch.id, kind: .file, source: isDownload ? there : here, target: isDownload ? here : there,
      token: 7)
    let job = Job(item: item, batch: batch, progress: ByteProgress()) { _ in }
    guard case .outcome(let outcome) = await JobRunner(disk: local.disk, sessions: remote).run(job) else {
      Issue.record("a file has no contents")
      return
    }
    #expect(outcome == .done(.readBack(Int64(Self.size))))
    #expect(remote.log.count { $0.hasPrefix("RETR") } == (isDownload ? 2 : 1))
  }

  @Test("a local copy is read once more")
  func localCopy() async throws {
    try await QueueWorld.with { world in
      try world.local.folder.write(content(Self.size), to: "a")
      try world.local.folder.makeFolder("copy")
      let states = try await world.run([.init("a")], from: world.here(), to: world.here("copy"), verify: true)
      #expect(Array(states.values) == [.done(.readBack(Int64(Self.size)))])
    }
  }

  @Test("content that is another one by the server's digest is a failure, and nothing has the final name")
  func download() async throws {
    try await QueueWorld.with { world in
      try world.remote.write(content(Self.size), to: "a")
      let path = world.remote.appending("a")
      world.commands.before { line, earlier in
        if line.hasPrefix("HASH"), earlier == 0 { overwrite(path, at: 300_000) }
      }
      let states = try await world.run([.init("a")], from: world.there(), to: world.here(), verify: true)
      #expect(states["/a"]?.reason?.contains("is not what was sent") == true, "\(states)")
      #expect(try world.local.names() == [])
    }
  }

  @Test("an upload that arrived with other content is a failure, and nothing has the final name")
  func upload() async throws {
    try await QueueWorld.with { world in
      try world.local.folder.write(content(Self.size), to: "a")
      let remote = world.remote
      world.commands.before { line, _ in
        guard line.hasPrefix("SIZE"), let name = try? FileTree.names(in: remote.path).first else { return }
        overwrite(remote.path.appending(name), at: 300_000)
      }
      let states = try await world.run([.init("a")], from: world.here(), to: world.there(), verify: true)
      #expect(states.values.first?.reason?.contains("is not what was sent") == true, "\(states)")
      #expect(try FileTree.names(in: remote.path) == [])
    }
  }
}

/// Changes one byte of a file, behind everybody's back.
private func overwrite(_ path: FilePath, at offset: off_t) {
  let file = open(path.string, O_RDWR)
  defer { close(file) }
  var byte: UInt8 = 0
  guard pread(file, &byte, 1, offset) == 1 else { return }
  byte ^= 0xFF
  pwrite(file, &byte, 1, offset)
}
