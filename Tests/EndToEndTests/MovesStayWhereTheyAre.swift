import Glibc
import SystemPackage
import TestSupport
import Testing

/// F6 within one machine: nothing is copied, here and on the server.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `Moves stay where they are` {
  @Test func `a folder that goes to another folder of its machine is renamed, in one row of the queue`() async throws {
    let demo = try DemoRun()
    let terminal = try await demo.start()
    let question = try await terminal.wait(for: "Unknown certificate")
    try FileTree.makeFolders(demo.server.appending("aim"))
    for folder in ["aim", "mine"] { try FileTree.makeFolders(demo.local.appending(folder)) }
    try FileTree.write(Array("here".utf8), to: demo.local.appending("mine/file"))
    let before = [demo.server.appending("media/horn.wav"), demo.local.appending("mine/file")].map(inode)
    try await terminal.click(try question.cell(of: "Always"))
    try await terminal.wait(for: "media/")

    // With the server in both panes, into another folder of it.
    try await terminal.press("Tab", "=")
    try await terminal.wait(for: "the server in both panes") { screen in
      (try? screen.cell(of: "media/", in: 0..<50)) != nil && (try? screen.cell(of: "media/", in: 50..<100)) != nil
    }
    try await terminal.click(try await terminal.screen().cell(of: "media/", in: 50..<100))
    try await move(terminal, "aim")
    try await terminal.wait(for: "renamed")
    try await terminal.wait(for: "the panes without it") { !$0.lines.prefix(20).contains { $0.contains("media/") } }
    #expect(inode(demo.server.appending("aim/media/horn.wav")) == before[0])
    #expect(!FileTree.exists(demo.server.appending("media")))

    // And the same here.
    try await terminal.press("D")
    try await terminal.wait(for: "the right pane without a server") { screen in
      (try? screen.cell(of: "127.0.0.1", in: 50..<100)) == nil
    }
    try await terminal.press("C-g")
    try await terminal.wait(for: "Go to")
    try await terminal.press("C-u")
    try await terminal.type(demo.local.string)
    try await terminal.press("Enter")
    try await terminal.click(try await terminal.wait(for: "mine/").cell(of: "mine/", in: 50..<100))
    try await terminal.press("=")
    try await terminal.wait(for: "this folder in both panes") { screen in
      (try? screen.cell(of: "mine/", in: 0..<50)) != nil
    }
    try await move(terminal, "/aim")
    let done = try await terminal.wait(for: "Done 2")
    #expect(done.contains("renamed"))
    #expect(inode(demo.local.appending("aim/mine/file")) == before[1])
    #expect(!FileTree.exists(demo.local.appending("mine")))
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    demo.remove()
  }

  /// F6, with more behind the folder that the dialog proposes.
  private func move(_ terminal: TerminalDriver, _ more: String) async throws {
    try await terminal.press("F6")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("End")
    try await terminal.type(more)
    try await terminal.press("Enter")
    try await terminal.wait(untilGone: "If it exists")
  }

  private func inode(_ path: FilePath) -> ino_t? { FileTree.facts(path)?.st_ino }
}
