import Glibc
import SystemPackage
import TestSupport
import Testing

/// A file that exists already waits for its answer while the others go on: on the screen, and at a command's terminal.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `Conflicts do not stop the queue` {
  @Test func `on the screen the others arrive while the question is open, and the answer is carried out`() async throws
  {
    let demo = try DemoRun()
    let terminal = try await demo.start()
    try await terminal.click(try await terminal.wait(for: "Unknown certificate").cell(of: "Always"))
    try await terminal.wait(for: "media/")
    try FileTree.makeFolders(demo.local.appending("media"))
    try FileTree.write(Array("mine".utf8), to: demo.local.appending("media/backup.bin"))
    // The right pane's folder goes to the left one.
    try await terminal.press("Tab")
    try await terminal.click(try await terminal.screen().cell(of: "media/", in: 50..<100))
    try await terminal.press("F5")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("Enter")

    let question = try await terminal.wait(for: "Compare content")
    #expect(question.contains("backup.bin") && question.contains("4 B (4 bytes)"))
    let haveArrived = try await eventually(within: .seconds(20)) {
      try FileTree.names(in: demo.local.appending("media")).count == 3
    }
    let still = try await terminal.screen()
    #expect(haveArrived, "\(still)")
    #expect(still.contains("Already there"))
    #expect(try FileTree.text(demo.local.appending("media/backup.bin")) == "mine")

    // Put off with a key, it waits under its own part, and is answered with the mouse.
    try await terminal.press("n")
    try await terminal.wait(untilGone: "Already there")
    let parts = try await terminal.wait(for: "Needs you 1")
    try await terminal.click(try parts.cell(of: "Needs you 1"))
    let row = try await terminal.wait(for: "exists already: Enter decides")
    try await terminal.click(try row.cell(of: "exists already"))
    try await terminal.press("Enter")
    let again = try await terminal.wait(for: "Compare content")
    try await terminal.click(try again.cell(of: "Compare content"))
    let compared = try await terminal.wait(for: "different (")
    try await terminal.click(try compared.cell(of: "overwrite"))
    try await terminal.click(try compared.cell(of: " OK "))
    let isReplaced = try await eventually(within: .seconds(20)) {
      try FileTree.read(demo.local.appending("media/backup.bin"))
        == FileTree.read(demo.server.appending("media/backup.bin"))
    }
    let after = try await terminal.screen()
    #expect(isReplaced, "\(after)")
    try await terminal.wait(for: "Done 4")
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    demo.remove()
  }

  @Test func `at a command's terminal each is asked about, or all at once`() async throws {
    let ferry = try CommandFerry()
    let demo = try await CommandDemo(ferry)
    let here = try ferry.home.makeFolder("here")
    let names = ["backup.bin", "harbour.ppm", "horn.wav"]
    for name in names.dropFirst() { try FileTree.write(Array("mine".utf8), to: here.appending(name)) }
    let command = ["get", "\(demo.address)media", "here", "--trust", "known", "--password-file", demo.passwordFile]
    try FileTree.makeFolders(here.appending("media"))
    for name in names { try FileTree.write(Array("mine".utf8), to: here.appending("media/\(name)")) }
    #expect(
      try await ferry.run(["ls", demo.address, "--trust", "new", "--password-file", demo.passwordFile]).succeeded)

    let terminal = try await TerminalDriver(
      [ferry.binary] + command, environment: ["FERRY_HOME": ferry.home.path.string], in: ferry.home.path)
    let question = try await terminal.wait(for: "exists already.")
    #expect(question.contains("4 bytes") && question.contains("[o]verwrite"))
    try await terminal.press("Enter")
    try await terminal.wait(for: "2 screens of it") { "\($0)".components("exists already.") == 2 }
    try await terminal.type("perhaps")
    try await terminal.press("Enter")
    try await terminal.wait(for: "Please type one of the words")
    try await terminal.type("overwrite all")
    try await terminal.press("Enter")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    let server = ferry.home.appending("demo/server/media")
    let replaced = try names.filter {
      try FileTree.read(here.appending("media/\($0)")) == FileTree.read(server.appending($0))
    }
    #expect(replaced.count == 2)
    // Without a terminal nobody is asked: the file that was skipped is in the way.
    #expect(try await ferry.run(command).status == .exited(1))
    await demo.stop()
  }
}

extension String {
  /// How often a text is in this one.
  fileprivate func components(_ text: String) -> Int {
    var (count, rest) = (0, self[...])
    while let range = rest.firstRange(of: text) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
