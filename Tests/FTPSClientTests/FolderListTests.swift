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
}
