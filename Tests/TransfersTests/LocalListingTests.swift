import FTP
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing
import Transfers

@Suite("A local folder for a pane")
struct LocalListingTests {
  private final class Collector: Sendable {
    let updates = Mutex<[LocalListing.Update]>([])
    func take(_ update: LocalListing.Update) { updates.withLock { $0.append(update) } }
  }

  private func read(_ place: LocalPlace) async throws -> [LocalListing.Update] {
    let collector = Collector()
    try await LocalListing.read(place.folder.path, on: place.disk) { collector.take($0) }
    return collector.updates.withLock { $0 }
  }

  @Test("a small folder comes at once, with sizes, times, kinds and where links lead")
  func small() async throws {
    let place = try LocalPlace()
    try place.folder.write("12345", to: "file")
    try place.folder.makeFolder("folder")
    #expect(symlink("to/where", place.folder.appending("link").string) == 0)
    #expect(mkfifo(place.folder.appending("pipe").string, 0o600) == 0)
    let updates = try await read(place)
    guard updates.count == 1, case .names(let entries, isComplete: true) = updates[0] else {
      Issue.record("\(updates)")
      return
    }
    let sorted = entries.sorted { $0.name < $1.name }
    #expect(sorted.map(\.name) == ["file", "folder", "link", "pipe"])
    #expect(sorted.map(\.kind) == [.file, .directory, .symbolicLink(target: Array("to/where".utf8)), .other])
    #expect(sorted[0].size == 5)
    #expect(sorted[0].permissions == 0o600)
    #expect(sorted[0].modified?.precision == .nanosecond)
  }

  @Test("of a large folder the names come first, and then the facts of every one of them")
  func large() async throws {
    let place = try LocalPlace()
    for number in 0..<5_000 {
      try place.folder.write([UInt8](repeating: 0, count: number % 10), to: "file-\(number)")
    }
    var entries: [ListingEntry] = []
    for update in try await read(place) {
      switch update {
      case .names(let names, let isComplete):
        #expect(entries.isEmpty && !isComplete)
        #expect(names.allSatisfy { $0.size == nil })
        entries = names
      case .facts(let start, let facts):
        #expect(facts.map(\.name) == entries[start..<(start + facts.count)].map(\.name))
        entries.replaceSubrange(start..<(start + facts.count), with: facts)
      }
    }
    #expect(entries.count == 5_000)
    #expect(entries.allSatisfy { $0.size.map { $0 < 10 } ?? false })
  }

  @Test("the facts of single names can be had, and those that are gone are left out")
  func facts() async throws {
    let place = try LocalPlace()
    try place.folder.write("12345", to: "file")
    let facts = try await LocalListing.facts(of: ["file", "gone"], in: place.folder.path, on: place.disk)
    #expect(facts.map(\.name) == ["file"])
    #expect(facts.first?.size == 5)
  }

  @Test("a folder that is not there, or is none, is said so")
  func missing() async throws {
    let place = try LocalPlace()
    try place.folder.write("", to: "file")
    for (name, code) in [("nothing", ENOENT), ("file", ENOTDIR)] {
      let fault = await #expect(throws: LocalFault.self) {
        try await LocalListing.read(place.folder.appending(name), on: place.disk) { _ in }
      }
      #expect(fault?.code == code)
    }
  }
}
