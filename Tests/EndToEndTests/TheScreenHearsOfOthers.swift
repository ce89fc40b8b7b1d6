import Glibc
import SystemPackage
import TestSupport
import Testing

/// A command beside a screen that is open: both work on one queue.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `The screen hears of others` {
  @Test func `what ferry queue retry lets go on, the open screen takes up`() async throws {
    let demo = try DemoRun()
    let terminal = try await demo.start()
    try await terminal.click(try await terminal.wait(for: "Unknown certificate").cell(of: "Always"))
    try await terminal.wait(for: "README.txt")
    // A folder is in the way of the file.
    let target = demo.local.appending("README.txt")
    try FileTree.makeFolders(target)
    try await terminal.press("Tab")
    try await terminal.click(try await terminal.screen().cell(of: "README.txt", in: 50..<100))
    try await terminal.press("F5")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("Enter")
    try await terminal.wait(for: "Failed 1")

    FileTree.remove(target)
    let ferry = Program(try ProjectFolders.ferry(), ["queue"], environment: ["FERRY_HOME": demo.home.path.string])
    var list = ferry
    list.arguments += ["list", "--state", "failed"]
    let failed = try await list.run(timeout: .seconds(20)).outputText
    #expect(failed.contains("README.txt") && failed.contains("in the way"))
    var retry = ferry
    retry.arguments.append("retry")
    #expect(try await retry.run(timeout: .seconds(20)).outputText == "1 transfer waits again.\n")
    let screen = try await terminal.wait(for: "Done 1")
    #expect(screen.contains("same length"))
    #expect(try FileTree.read(target) == FileTree.read(demo.server.appending("README.txt")))
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    demo.remove()
  }
}
