import FTP
import Glibc
import NIOCore
import SystemPackage
import TestSupport
import Testing

@testable import FTPSServer

/// Listings in each form, read back by the parser of the client's side.
@Suite("Listings of the server", .timeLimit(.minutes(1)))
struct ListingTests {
  private static let now = Timestamp(seconds: 1_800_000_000)

  /// Names as bytes, of files; none has a line's end.
  private static let names: [[UInt8]] = [
    Array("plain.txt".utf8), Array(" space".utf8), Array("space ".utf8), Array("two  spaces".utf8), Array("ü ⛴️".utf8),
    Array("-rf".utf8), Array("a -> b".utf8), [0x66, 0xE9], Array("\u{1B}[31m".utf8), Array("; type=dir;".utf8),
    Array("\"quoted\"".utf8), [UInt8](repeating: 0x61, count: 255),
  ]

  private func scene() throws -> (TemporaryFolder, SharedFolder) {
    let folder = try TemporaryFolder("listing")
    let shared = try SharedFolder(folder.path, isReadOnly: false)
    for (index, name) in Self.names.enumerated() {
      let path = RemotePath.root.appending(try FileName(name))
      let file = try shared.openForWriting(path)
      try file.write(ByteBuffer(repeating: 0x78, count: index * 1000), at: 0)
      try shared.setModified(path, to: Timestamp(seconds: 1_700_000_000 - Int64(index) * 86_400 * 40))
    }
    try shared.makeFolder(RemotePath("/folder"))
    return (folder, shared)
  }

  private func lines(_ shared: SharedFolder, _ form: Listing.Form) throws -> [UInt8] {
    let listing = try Listing(shared.openFolder(.root), form: form, isReadOnly: shared.isReadOnly)
    var bytes: [UInt8] = []
    while let portion = try listing.next() { bytes += Array(buffer: portion) }
    return bytes
  }

  private func parsed(_ bytes: [UInt8], _ format: ListingParser.Format) throws -> [FileName: ListingEntry] {
    var parser = ListingParser(format: format, now: Self.now)
    parser.append(bytes)
    let summary = try parser.finish()
    #expect(summary.unparsed == 0)
    return Dictionary(uniqueKeysWithValues: parser.takeEntries().map { ($0.name, $0) })
  }

  @Test("MLSD tells each name, size, time and mode exactly")
  func facts() throws {
    let (folder, shared) = try scene()
    _ = folder
    let entries = try parsed(lines(shared, .facts(.all)), .mlsd)
    #expect(entries.count == Self.names.count + 1)
    for (index, name) in Self.names.enumerated() {
      let entry = try #require(entries[FileName(name)])
      #expect(entry.kind == .file)
      #expect(entry.size == Int64(index) * 1000)
      #expect(entry.modified?.seconds == 1_700_000_000 - Int64(index) * 86_400 * 40)
      #expect(entry.permissions.map { $0 & 0o600 } == 0o600)
      #expect(entry.perm == "adfrw")
    }
    #expect(entries[try FileName("folder")]?.kind == .directory)
  }

  @Test("LIST tells each name and size in the form of ls -l")
  func long() throws {
    let (folder, shared) = try scene()
    _ = folder
    let entries = try parsed(lines(shared, .long(now: Self.now.seconds)), .list)
    #expect(entries.count == Self.names.count + 1)
    for (index, name) in Self.names.enumerated() {
      #expect(entries[try FileName(name)]?.size == Int64(index) * 1000)
      #expect(entries[try FileName(name)]?.kind == .file)
    }
    #expect(entries[try FileName("folder")]?.kind == .directory)
  }

  @Test("a name with a line's end in it is left out and counted, so that it forges no entry")
  func lineEnds() throws {
    let folder = try TemporaryFolder("listing")
    try folder.write("", to: "a\r\ntype=dir; forged")
    try folder.write("", to: "good")
    let shared = try SharedFolder(folder.path, isReadOnly: false)
    let listing = try Listing(shared.openFolder(.root), form: .names, isReadOnly: false)
    #expect(try listing.next().map { String(buffer: $0) } == "good\r\n")
    #expect(try listing.next() == nil)
    #expect(listing.unspeakable == 1)
  }

  @Test("links are told with their targets, unless these would end the fact")
  func links() throws {
    let folder = try TemporaryFolder("listing")
    for (name, target) in [("link", "some/where"), ("bad", "x;type=file; y")] {
      guard symlink(target, folder.appending(name).string) == 0 else { throw TestFailure("no link") }
    }
    let shared = try SharedFolder(folder.path, isReadOnly: true)
    let facts = try parsed(lines(shared, .facts(.all)), .mlsd)
    #expect(facts[try FileName("link")]?.kind == .symbolicLink(target: Array("some/where".utf8)))
    #expect(facts[try FileName("bad")]?.kind == .symbolicLink(target: nil))
    #expect(facts[try FileName("link")]?.perm == "")
    let long = try parsed(lines(shared, .long(now: 0)), .list)
    #expect(long[try FileName("link")]?.kind == .symbolicLink(target: Array("some/where".utf8)))
  }

  @Test("a large folder is listed in portions")
  func large() throws {
    let folder = try TemporaryFolder("listing", in: .memory(bytes: 64 << 20))
    for number in 0..<1200 { try folder.write("", to: "file \(number)") }
    let shared = try SharedFolder(folder.path, isReadOnly: false)
    let listing = try Listing(shared.openFolder(.root), form: .facts(.all), isReadOnly: false)
    var portions = 0
    var count = 0
    while let portion = try listing.next() {
      #expect(portion.readableBytes < 256 << 10)
      portions += 1
      count += portion.readableBytesView.count { $0 == 0x0A }
    }
    #expect(count == 1200)
    #expect(portions == 3)
  }

  @Test(
    "OPTS MLST chooses the facts that are known",
    arguments: [
      ("type;size;", "type;size;"), ("SIZE;nonsense;Type;", "type;size;"), ("", ""), ("unix.mode", "UNIX.mode;"),
    ])
  func options(wanted: String, chosen: String) {
    #expect(ListedFacts(list: Array(wanted.utf8)).description == chosen)
  }
}
