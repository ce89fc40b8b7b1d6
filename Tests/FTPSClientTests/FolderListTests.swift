import FTP
import FTPSClient
import Testing

@Suite("The list of a folder")
struct FolderListTests {
  private func entry(_ name: String, _ kind: ListingEntry.Kind) throws -> ListingEntry {
    ListingEntry(name: try FileName(name), kind: kind)
  }

  @Test("of folders that LIST and MLSD show differently, none is taken for sure that may be a link")
  func links() throws {
    let link = ListingEntry.Kind.symbolicLink(target: Array("there".utf8))
    var list = FolderList([
      try entry("folder", .directory), try entry("link", .directory), try entry("unlisted", .directory),
      try entry("twice", .directory), try entry("blank", .directory), try entry("file", .file),
    ])
    list.tellLinks(
      by: FolderList([
        try entry("folder", .directory), try entry("link", link), try entry("twice", .directory),
        try entry("twice", link), try entry("blank", .file), try entry("file", link),
      ]))
    let kinds = list.entries.map { "\($0.name) \($0.kind == .directory ? "d" : $0.kind == link ? "l" : "f")" }
    #expect(kinds == ["folder d", "link l", "unlisted d", "twice d", "blank d", "file f"])
    #expect(list.perhapsLinks.map(\.description).sorted() == ["blank", "twice", "unlisted"])
  }

  @Test("none of them is a link where LIST has as many folders and no link, however it spells them")
  func spelling() throws {
    func left(_ plain: [ListingEntry], unparsed: Int = 0) throws -> Int {
      var list = FolderList([
        try entry("Gr\u{fc}n", .directory), try entry("Bl\u{e4}tter", .directory), try entry("a", .file),
      ])
      var summary = ListingSummary()
      summary.unparsed = unparsed
      list.tellLinks(by: FolderList(plain, summary))
      return list.perhapsLinks.count
    }
    let folders = [try entry("Gr?n", .directory), try entry("Bl?tter", .directory)]
    let file = try entry("a", .file)
    let link = try entry("a", .symbolicLink(target: nil))
    #expect(try left(folders + [file]) == 0)
    #expect(try left(folders + [file], unparsed: 1) == 2)
    #expect(try left(folders + [link]) == 2)
    #expect(try left(folders) == 2)
    #expect(try left([folders[0], file, file]) == 2)
    #expect(try left([]) == 2)
  }
}
