import FTP
import Testing

@Suite("Names and paths")
struct PathTests {
  @Test(
    "names that are one component", arguments: ["a", "...", "..a", " ", "a b", "-rf", "~", "a\nb", "\\x", "C:\\x", "ü"])
  func names(_ text: String) throws {
    #expect(try FileName(text).bytes == Array(text.utf8))
    #expect(try FileName(text).text == text)
  }

  @Test(
    "names that are not",
    arguments: [
      ("", NameProblem.empty), (".", .dots), ("..", .dots), ("/", .slash), ("a/b", .slash), ("../x", .slash),
      ("a/", .slash),
      ("\0", .nul), ("a\0b", .nul),
    ])
  func badNames(_ text: String, _ problem: NameProblem) {
    #expect(throws: FTPError.invalidName(problem, name: SafeText.escape(text))) { try FileName(text) }
  }

  @Test("bytes that are not UTF-8 stay as they are and show as something")
  func anyBytes() throws {
    let name = try FileName([0xFF, 0x41])
    #expect(name.bytes == [0xFF, 0x41])
    #expect(name.text == "\u{FFFD}A")
    #expect(name.description == "\\xFFA")
    #expect(try FileName([0xFE]) < name)
  }

  @Test(
    "paths are normalised without leaving the root",
    arguments: [
      ("/", "/"), ("//", "/"), ("/a", "/a"), ("/a/", "/a"), ("//a//b", "/a/b"), ("/./a/.", "/a"), ("/a/../b", "/b"),
      ("/..", "/"), ("/../../a", "/a"), ("/a/b/../..", "/"), ("/...", "/..."), ("/a /b", "/a /b"),
    ])
  func normalised(_ text: String, _ expected: String) throws {
    #expect(try RemotePath(text).text == expected)
    #expect(try RemotePath(Array(text.utf8)).text == expected)
  }

  @Test("paths that are refused", arguments: ["", "a", "./a", "~", " /a", "/a\0", "C:\\a"])
  func refused(_ text: String) {
    #expect(throws: FTPError.self) { try RemotePath(text) }
    #expect(throws: FTPError.self) { try RemotePath(Array(text.utf8)) }
  }

  @Test("components, name and parent")
  func parts() throws {
    let path = try RemotePath("/a/b c/d")
    #expect(path.components.map(\.text) == ["a", "b c", "d"])
    #expect(path.name?.text == "d")
    #expect(path.parent?.text == "/a/b c")
    #expect(path.parent?.parent?.parent == .root)
    #expect(RemotePath.root.parent == nil)
    #expect(RemotePath.root.name == nil)
    #expect(RemotePath.root.components.isEmpty)
    #expect(RemotePath.root.appending(path.components) == path)
    #expect(try RemotePath("/a").appending(FileName("x")).text == "/a/x")
    #expect(RemotePath.root.appending([]) == .root)
  }

  @Test(
    "relative paths resolve from a folder",
    arguments: [("x", "/a/b/x"), ("../x", "/a/x"), ("/x", "/x"), ("", "/a/b"), ("../../../..", "/")])
  func resolving(_ text: String, _ expected: String) throws {
    #expect(try RemotePath("/a/b").resolving(text.utf8).text == expected)
  }

  @Test(
    "what is inside what",
    arguments: [
      ("/a", "/", true), ("/a/b", "/a", true), ("/a/b/c", "/a", true), ("/a", "/a", false), ("/", "/", false),
      ("/ab", "/a", false), ("/a", "/a/b", false), ("/", "/a", false), ("/b/a", "/a", false),
    ])
  func inside(_ path: String, _ folder: String, _ expected: Bool) throws {
    #expect(try RemotePath(path).isInside(RemotePath(folder)) == expected)
  }
}
