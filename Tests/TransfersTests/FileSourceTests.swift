import FTP
import Glibc
import NIOCore
import SystemPackage
import TestSupport
import Testing
import Transfers

@Suite("The file that an upload comes from")
struct FileSourceTests {
  private func source(_ place: LocalPlace, from offset: Int64 = 0) throws -> FileSource {
    let file = try place.files.openForReading("a", in: try place.open(), following: false)
    return FileSource(file, status: try place.files.status(of: file), from: offset, disk: place.disk)
  }

  private func all(_ source: FileSource, upTo count: Int) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let chunk = try await source.read(upTo: count) {
      #expect(chunk.readableBytes <= count)
      bytes += Array(chunk.readableBytesView)
    }
    return bytes
  }

  @Test(
    "all bytes come in order, in pieces of any size, from any offset",
    arguments: [1_000, 65_536, 1 << 20], [0, 1, 3_000_000, 3_000_001])
  func reads(_ count: Int, _ offset: Int) async throws {
    let place = try LocalPlace()
    let content = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 / 7) }
    try place.folder.write(content, to: "a")
    #expect(try await all(source(place, from: Int64(offset)), upTo: count) == Array(content[offset...]))
  }

  @Test("an empty file ends at once, and again when asked again")
  func empty() async throws {
    let place = try LocalPlace()
    try place.folder.write("", to: "a")
    let source = try source(place)
    #expect(try await source.read(upTo: 10) == nil)
    #expect(try await source.read(upTo: 10) == nil)
  }

  @Test("a read that fails is told")
  func fault() async throws {
    let place = try LocalPlace(FaultyFiles(.read, code: EIO, at: 2))
    try place.folder.write([UInt8](repeating: 1, count: 1 << 20), to: "a")
    let source = try source(place)
    let fault = await #expect(throws: LocalFault.self) { _ = try await all(source, upTo: 1 << 20) }
    #expect(fault?.code == EIO)
  }

  @Test(
    "a file that grows, shrinks or is touched while it is read is not the same file", arguments: ["grow", "shrink"])
  func changed(_ how: String) async throws {
    let place = try LocalPlace()
    try place.folder.write("content", to: "a")
    let source = try source(place)
    #expect(try await source.isUnchanged())
    #expect(truncate(place.folder.appending("a").string, how == "grow" ? 100 : 1) == 0)
    #expect(try await !source.isUnchanged())
  }
}
