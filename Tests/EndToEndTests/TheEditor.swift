import Glibc
import SystemPackage
import TestSupport
import Testing

/// F4 on a file of a server, with a real editor's part played by a script.
@Suite(.serialized, .timeLimit(.minutes(1))) struct `The editor` {
  @Test func `a remote file that was edited is replaced whole, and one that was not is left alone`() async throws {
    let demo = try DemoRun()
    let editor = demo.home.appending("editor")
    try FileTree.write(
      Array("#!/bin/sh\nif [ -e \"$0.idle\" ]; then : > \"$0.ran\"; else echo 'one line more' >> \"$1\"; fi\n".utf8),
      to: editor)
    try FileTree.setPermissions([.ownerReadWriteExecute], of: editor)
    let terminal = try await demo.start(environment: ["EDITOR": editor.string, "VISUAL": ""])
    try await terminal.click(try await terminal.wait(for: "Unknown certificate").cell(of: "Always this certificate"))
    let file = demo.server.appending("README.txt")
    try await terminal.click(try await terminal.wait(for: "README.txt").cell(of: "README.txt", in: 50..<100))
    let before = try FileTree.read(file)

    try await terminal.press("F4")
    try await terminal.wait(for: "Sent the edited README.txt back")
    #expect(try FileTree.read(file) == before + Array("one line more\n".utf8))
    let names = try FileTree.names(in: demo.server).map(\.string)
    #expect(!names.contains { $0.hasSuffix(".part") }, "\(names)")

    try FileTree.write([], to: demo.home.appending("editor.idle"))
    let edited = FileTree.facts(file)?.st_mtim.tv_nsec
    try await terminal.press("F4")
    #expect(try await eventually { FileTree.exists(demo.home.appending("editor.ran")) })
    try await terminal.wait(for: "README.txt")
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    #expect(FileTree.facts(file)?.st_mtim.tv_nsec == edited)
    await terminal.close()
    demo.remove()
  }

  @Test func `what others have changed meanwhile is asked about before it is replaced`() async throws {
    let demo = try DemoRun()
    let file = demo.server.appending("README.txt")
    let editor = demo.home.appending("editor")
    try FileTree.write(
      Array("#!/bin/sh\necho 'one line more' >> \"$1\"\necho 'of others' >> '\(file.string)'\n".utf8), to: editor)
    try FileTree.setPermissions([.ownerReadWriteExecute], of: editor)
    let terminal = try await demo.start(environment: ["EDITOR": editor.string, "VISUAL": ""])
    try await terminal.click(try await terminal.wait(for: "Unknown certificate").cell(of: "Always this certificate"))
    try await terminal.click(try await terminal.wait(for: "README.txt").cell(of: "README.txt", in: 50..<100))
    let before = try FileTree.read(file)

    try await terminal.press("F4")
    try await terminal.wait(for: "─ Already there ─")
    #expect(try FileTree.read(file) == before + Array("of others\n".utf8))
    try await terminal.press("o")
    try await terminal.wait(for: "Sent the edited README.txt back")
    #expect(try FileTree.read(file) == before + Array("one line more\n".utf8))
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    demo.remove()
  }
}
