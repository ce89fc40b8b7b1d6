import FTP
import Testing

@testable import Transfers

@Suite("Walking a tree")
struct FolderWalkTests {
  private func walk(
    _ entries: [ListingEntry], perhapsLinks: Set<FileName> = [], depth: Int = 1, followsLinks: Bool = false,
    needsFTPNames: Bool = true, isRenamed: Bool = false
  ) -> [NewItem] {
    let folder = TransferItem(
      id: 1, batch: TransferBatch.ID(1), kind: .folder, source: ItemPath(bytes: Array("/www".utf8)),
      target: ItemPath(bytes: Array("/home/ada/www (2)".utf8)), depth: depth, token: 1)
    return FolderWalk.items(
      in: folder, entries: entries, perhapsLinks: perhapsLinks, followsLinks: followsLinks,
      needsFTPNames: needsFTPNames, isRenamed: isRenamed)
  }

  @Test("files come before folders, each by name, below the folder's own target")
  func order() {
    let items = walk([
      ListingEntry(name: "z", kind: .directory), ListingEntry(name: "b", kind: .file, size: 2),
      ListingEntry(name: "a", kind: .directory), ListingEntry(name: "a.txt", kind: .file, size: 1),
    ])
    #expect(items.map(\.source.text) == ["/www/a.txt", "/www/b", "/www/a", "/www/z"])
    #expect(items[0].target.text == "/home/ada/www (2)/a.txt")
    #expect(items.map(\.depth) == [2, 2, 2, 2])
    #expect(items.map(\.size) == [1, 2, nil, nil])
    #expect(items.allSatisfy { $0.state == .waiting })
  }

  @Test("a symbolic link is left out unless links are followed")
  func links() {
    let link = ListingEntry(name: "l", kind: .symbolicLink(target: nil))
    #expect(walk([link])[0].state == .skipped("A symbolic link, which is not followed."))
    #expect(walk([link], followsLinks: true)[0].state == .waiting)
    #expect(walk([link], followsLinks: true)[0].kind == .unknown)
  }

  @Test("what may be a link to a folder is not walked through, unless links are followed")
  func perhapsLinks() {
    let entries = ["a", "b"].map { ListingEntry(name: $0, kind: .directory) }
    let items = walk(entries, perhapsLinks: ["a"])
    #expect(items[0].state == .failed(TransferFailure(TransferError.perhapsLink("a"))))
    #expect(items[1].state == .waiting)
    #expect(walk(entries, perhapsLinks: ["a"], followsLinks: true).map(\.state) == [.waiting, .waiting])
    // Of a rename it is no matter what it is; where that is refused, what is unknown is left out.
    let renamed = walk(entries, perhapsLinks: ["a"], isRenamed: true)
    #expect(renamed.map(\.kind) == [.unknown, .folder] && renamed.allSatisfy { $0.state == .waiting })
  }

  @Test("a name with a line break fails alone, where FTP has to carry it", arguments: ["a\nb", "a\rb"])
  func lineBreaks(_ name: String) throws {
    let entries = [
      ListingEntry(name: try FileName(name), kind: .file), ListingEntry(name: "c", kind: .file, size: 3),
    ]
    let items = walk(entries)
    guard case .failed(let failure) = items[0].state else {
      Issue.record("\(items[0].state)")
      return
    }
    #expect(failure.reason.hasSuffix("holds a line break or another byte that FTP cannot carry; rename it and retry."))
    #expect(!failure.reason.contains(name))
    #expect(items[1].state == .waiting)
    #expect(walk(entries, needsFTPNames: false).allSatisfy { $0.state == .waiting })
  }

  @Test("a device is no file")
  func devices() {
    guard case .failed = walk([ListingEntry(name: "tty", kind: .other)])[0].state else {
      Issue.record("it was taken for a file")
      return
    }
  }

  @Test("a tree that has no end is not followed for ever")
  func depth() {
    let entry = [ListingEntry(name: "a", kind: .directory)]
    #expect(walk(entry, depth: FolderWalk.depthLimit - 1)[0].state == .waiting)
    guard case .failed = walk(entry, depth: FolderWalk.depthLimit)[0].state else {
      Issue.record("no limit")
      return
    }
  }

  @Test("a name that a server lists twice is transferred once")
  func duplicates() {
    let entry = ListingEntry(name: "a", kind: .file, size: 1)
    let items = walk([entry, entry])
    #expect(items.map(\.state) == [.waiting, .skipped("The name comes twice in the list of its folder.")])
  }
}
