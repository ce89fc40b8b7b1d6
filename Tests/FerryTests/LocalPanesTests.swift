import FTP
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import ferry

struct LocalPanesTests {
  private func list(_ path: FilePath) async throws -> [String: Entry] {
    let rows = Mutex<[Entry]>([])
    let facts = try await LocalPanes().list(.local(path)) { update in
      rows.withLock { rows in
        switch update {
        case .rows(let more): rows += more
        case .facts(let start, let known): rows.replaceSubrange(start..<(start + known.count), with: known)
        }
      }
    }
    #expect((facts.freeBytes ?? 0) > 0)
    return Dictionary(uniqueKeysWithValues: rows.withLock { $0 }.map { ($0.name.text, $0) })
  }

  @Test("a folder is listed with kinds, sizes and times, links by what they lead to")
  func listing() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    mkdir(path.appending("sub").string, 0o755)
    try write("hello", to: path.appending("file"))
    chmod(path.appending("file").string, 0o755)
    symlink("sub", path.appending("to folder").string)
    symlink("file", path.appending("to file").string)
    symlink("gone", path.appending("to nothing").string)
    mkfifo(path.appending("pipe").string, 0o600)
    let rows = try await list(path)
    #expect(
      rows.mapValues(\.kind) == [
        "sub": .folder, "file": .file, "to folder": .folderLink, "to file": .link, "to nothing": .brokenLink,
        "pipe": .special,
      ])
    #expect(rows["file"]?.size == 5 && rows["file"]?.isProgram == true)
    #expect(rows["to file"]?.size == 5)
    #expect(abs((rows["file"]?.modified?.seconds ?? 0) - Int64(time(nil))) < 60)
  }

  @Test("a large folder is listed by names first; sizes and links follow")
  func large() async throws {
    let folder = try TemporaryFolder()
    for number in 0..<2500 { try write("12345", to: folder.path.appending("file\(number)")) }
    symlink(".", folder.path.appending("link").string)
    let rows = try await list(folder.path)
    #expect(rows.count == 2501)
    #expect(rows.values.allSatisfy { $0.size == 5 || $0.name.text == "link" })
    #expect(rows["link"]?.kind == .folderLink)
  }

  @Test("names are bytes, whatever they are")
  func bytes() async throws {
    let folder = try TemporaryFolder()
    let name = try FileName([0x61, 0xff, 0x0a, 0x1b])
    try await LocalPanes().makeFolder(.local(folder.path.appending(name)))
    let rows = try await list(folder.path)
    #expect(rows.values.map(\.name) == [name])
  }

  @Test("renaming replaces nothing")
  func rename() async throws {
    let folder = try TemporaryFolder()
    let (one, two) = (folder.path.appending("one"), folder.path.appending("two"))
    try write("1", to: one)
    try write("2", to: two)
    await #expect(throws: Complaint.self) { try await LocalPanes().rename(.local(one), to: .local(two)) }
    #expect(TextFile.read(one.string) == "1" && TextFile.read(two.string) == "2")
    let three = folder.path.appending("three")
    try await LocalPanes().rename(.local(one), to: .local(three))
    #expect(TextFile.read(one.string) == nil && TextFile.read(three.string) == "1")
    mkdir(folder.path.appending("sub").string, 0o755)
    await #expect(throws: Complaint.self) {
      try await LocalPanes().rename(.local(folder.path.appending("sub")), to: .local(two))
    }
    try await LocalPanes().rename(.local(folder.path.appending("sub")), to: .local(folder.path.appending("sub2")))
  }

  @Test("a folder is counted with everything in it, but nothing beyond a link; a link is deleted, not what it leads to")
  func deletion() async throws {
    let folder = try TemporaryFolder()
    let tree = folder.path.appending("tree")
    mkdir(folder.path.appending("kept").string, 0o755)
    try write("precious", to: folder.path.appending("kept/file"))
    mkdir(tree.string, 0o755)
    mkdir(tree.appending("deep").string, 0o755)
    try write("12345", to: tree.appending("deep/file"))
    symlink("../kept", tree.appending("link").string)
    let entry = Entry(name: try FileName("tree"), kind: .folder)
    let count = try await LocalPanes().count([entry], in: .local(folder.path))
    #expect(count.files == 2 && count.folders == 1)
    try await LocalPanes().delete([Entry(name: try FileName("link"), kind: .folderLink)], in: .local(tree))
    #expect(access(tree.appending("link").string, F_OK) != 0)
    #expect(TextFile.read(folder.path.appending("kept/file").string) == "precious")
  }

  @Test("a file is read in pieces; a pipe is not waited for")
  func reading() async throws {
    let folder = try TemporaryFolder()
    let file = folder.path.appending("file")
    try write("0123456789", to: file)
    #expect(
      try await LocalPanes().read(.local(file), offset: 2, count: 4)
        == FileChunk(offset: 2, bytes: Array("2345".utf8), isLast: false))
    #expect(
      try await LocalPanes().read(.local(file), offset: 8, count: 4)
        == FileChunk(offset: 8, bytes: Array("89".utf8), isLast: true))
    mkfifo(folder.path.appending("pipe").string, 0o600)
    await #expect(throws: Complaint.self) {
      try await LocalPanes().read(.local(folder.path.appending("pipe")), offset: 0, count: 1)
    }
  }

  @Test("what cannot be done is said in a sentence with what to do")
  func complaints() async throws {
    let folder = try TemporaryFolder()
    let gone = folder.path.appending("gone\u{1B}[31m")
    let error = await #expect(throws: Complaint.self) { try await list(gone) }
    #expect(error?.sentence.contains("does not exist any more. Ctrl-R") == true)
    #expect(error?.sentence.unicodeScalars.contains { $0.value < 0x20 } == false)
  }

  @Test("the copy for an editor is private and has a harmless name")
  func copies() throws {
    let base = try TemporaryFolder()
    let path = try EditCopy.make(for: FileName("$(reboot);\u{1B}.conf"), in: base.path)
    var facts = stat()
    #expect(stat(path.string, &facts) == 0 && facts.st_mode & 0o7777 == 0o600)
    #expect(stat(path.removingLastComponent().string, &facts) == 0 && facts.st_mode & 0o7777 == 0o700)
    #expect(path.lastComponent?.string == "file.conf")
    let before = EditCopy.stamp(path)
    try write("changed", to: path)
    #expect(EditCopy.stamp(path) != before)
    // Another start finds the folder of a copy that the queue has sent back.
    #expect(unlink(path.string) == 0)
    _ = try EditCopy.make(for: FileName("b"), in: base.path)
    #expect(access(path.removingLastComponent().string, F_OK) != 0)
  }

  @Test("of copies whose way back was given up, those are told that nobody has changed for a month")
  func forgottenCopies() throws {
    let base = try TemporaryFolder()
    let copies = try ["a", "b"].map { try EditCopy.make(for: FileName($0), in: base.path) }
    #expect(EditCopy.forgotten(in: base.path).isEmpty)
    var times = [
      timespec(tv_sec: time(nil) - 31 * 86_400, tv_nsec: 0), timespec(tv_sec: time(nil) - 31 * 86_400, tv_nsec: 0),
    ]
    #expect(utimensat(AT_FDCWD, copies[0].string, &times, 0) == 0)
    #expect(EditCopy.forgotten(in: base.path) == [copies[0]])
    EditCopy.remove(copies[0])
    #expect(EditCopy.forgotten(in: base.path).isEmpty && access(copies[1].string, F_OK) == 0)
  }

  @Test("the editor gets the path as one argument, whatever is in it, and no shell looks at it")
  func editor() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("a b; $(touch pwned) 'x'")
    try EditorCommand(environment: { $0 == "EDITOR" ? "touch -m" : nil }).run(path)
    #expect(access(path.string, F_OK) == 0)
    #expect(EditorCommand(environment: { ["VISUAL": "code -w", "EDITOR": "vi"][$0] }).words == ["code", "-w"])
    #expect(EditorCommand(environment: { _ in nil }, isInstalled: { _ in false }).words == ["vi"])
    #expect(throws: Complaint.self) {
      try EditorCommand(environment: { _ in "no-such-editor-here" }).run(path)
    }
  }

  private func write(_ text: String, to path: FilePath) throws {
    let descriptor = open(path.string, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    #expect(descriptor >= 0)
    #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
    close(descriptor)
  }
}
