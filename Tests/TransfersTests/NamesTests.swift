import FTP
import Testing
import Transfers

@Suite("Names that the queue makes")
struct NamesTests {
  @Test("a part file is hidden, beside its target, and told apart from other files")
  func partName() {
    let name = PartName.make(for: "report.pdf", token: 42)
    #expect(name.text.hasPrefix(".report.pdf."))
    #expect(name.text.hasSuffix(".ferry.part"))
  }

  @Test("two items with one target have different part files")
  func tokens() {
    #expect(PartName.make(for: "a", token: 1) != PartName.make(for: "a", token: 2))
    #expect(PartName.make(for: "a", token: 1) == PartName.make(for: "a", token: 1))
  }

  @Test(
    "a long name is shortened to what a file system takes, and not within a character",
    arguments: ["x", "é", "漢", "🛶"])
  func longNames(_ character: String) throws {
    for padding in 0..<4 {
      let repeated = String(repeating: character, count: 255)
      let text = String(repeating: "-", count: padding) + repeated
      let name = try FileName(text.utf8.prefix(255))
      let part = PartName.make(for: name, token: 7)
      #expect(part.bytes.count <= 255)
      #expect(part.bytes.count > 240)
      let kept = part.bytes.dropFirst().prefix { $0 != UInt8(ascii: ".") }
      #expect(String(validating: kept, as: UTF8.self) != nil)
    }
  }

  @Test("a name of bytes that are no text is shortened, too")
  func binaryNames() throws {
    let part = PartName.make(for: try FileName([UInt8](repeating: 0x80, count: 255)), token: 7)
    #expect(part.bytes.count == 255)
  }

  @Test(
    "a second file of one name gets a number before its extension",
    arguments: [
      ("notes.txt", "notes (2).txt"), ("notes", "notes (2)"), (".profile", ".profile (2)"),
      ("src.tar.gz", "src (2).tar.gz"), (".tar.gz", ".tar (2).gz"), ("a.b.c", "a.b (2).c"),
      ("v1.a long sentence after a dot", "v1.a long sentence after a dot (2)"),
    ])
  func numbered(_ name: String, _ expected: String) throws {
    #expect(FreeName.numbered(try FileName(name), 2).text == expected)
  }

  @Test("a numbered name still fits")
  func numberedLongName() throws {
    let name = try FileName(String(repeating: "é", count: 125) + ".jpeg")
    let numbered = FreeName.numbered(name, 1234)
    #expect(numbered.bytes.count <= 255)
    #expect(numbered.text.hasSuffix("é (1234).jpeg"))
  }
}
