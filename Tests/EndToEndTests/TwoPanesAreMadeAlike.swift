import Glibc
import SystemPackage
import TestSupport
import Testing

/// Y on two panes: what is copied, and what is deleted at last, goes through the queue.
@Suite(.timeLimit(.minutes(1))) struct `Two panes are made alike` {
  @Test func `a row is flipped to a deletion, which takes that file alone and is seen in the queue`() async throws {
    let demo = try DemoRun()
    let terminal = try await demo.start()
    try await terminal.click(try await terminal.wait(for: "Unknown certificate").cell(of: "Always this certificate"))
    try await terminal.wait(for: "README.txt")
    for folder in [demo.local, demo.server] {
      for name in try FileTree.names(in: folder) { FileTree.remove(folder.appending(name)) }
      try FileTree.write(Array("same".utf8), to: folder.appending("same.txt"))
      #expect(utimensat(AT_FDCWD, folder.appending("same.txt").string, Array(repeating: timespec(), count: 2), 0) == 0)
    }
    try FileTree.write(Array("extra".utf8), to: demo.server.appending("extra.txt"))
    try FileTree.write(Array("more".utf8), to: demo.local.appending("more.txt"))

    try await terminal.press("Y")
    try await terminal.wait(for: "not here yet")
    try await terminal.press("Space")
    try await terminal.press("Enter")
    try await terminal.click(try await terminal.wait(for: "1 item will be deleted").cell(of: "Start"))
    try await terminal.wait(for: "Both folders are synchronised")
    for folder in [demo.local, demo.server] {
      #expect(try FileTree.names(in: folder).map(\.string).sorted() == ["more.txt", "same.txt"])
    }
    try await terminal.wait(for: "× delete  /extra.txt")
    try await terminal.wait(for: "↑ more.txt")
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    demo.remove()
  }
}
