import Glibc
import SystemPackage
import TestSupport
import Testing

/// Transfers are dragged to other places while the queue is paused; what was done is kept at once.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `The queue is sorted by hand` {
  @Test func `a dragged transfer stands where it was dropped, also after a kill, and the pause is kept`() async throws {
    let demo = try DemoRun()
    let terminal = try await demo.start()
    try await terminal.click(try await terminal.wait(for: "Unknown certificate").cell(of: "Always"))
    try await terminal.wait(for: "media/")
    try await terminal.press("Tab", "P")
    try await terminal.wait(for: "Queue paused")
    try await terminal.click(try await terminal.screen().cell(of: "media/", in: 50..<100))
    try await terminal.press("Enter")
    try await terminal.click(try await terminal.wait(for: "horn.wav").cell(of: "backup.bin", in: 50..<100))
    try await terminal.press("IC", "IC", "IC", "F5")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("Enter")
    var screen = try await terminal.wait(for: "Waiting 3")

    func row(_ name: String) throws -> Screen.Cell { try screen.cell(of: "↓ \(name)") }
    var first = try row("backup.bin")
    first.column += 2
    try await terminal.drag(from: try row("horn.wav"), to: first) {
      let held = try await terminal.wait(for: "▸ horn.wav ─")
      #expect(try held.cell(of: "▸ horn.wav").row == first.row)
      #expect(try held.cell(of: "↓ backup.bin").row == first.row + 1)
    }
    try await terminal.wait(for: "horn.wav above the others") { screen in
      (try? screen.cell(of: "↓ horn.wav").row == first.row) == true && !screen.contains("▸")
    }
    let list = Program(
      try ProjectFolders.ferry(), ["queue", "list"], environment: ["FERRY_HOME": demo.home.path.string])
    func listed() async throws -> [Substring] {
      try await list.run(timeout: .seconds(20)).outputText.split(separator: "\n")
    }
    // The screen may show it a moment before it is kept.
    #expect(try await eventually { try await listed().first?.contains("horn.wav") == true })
    try await terminal.kill(SIGKILL)
    _ = try await terminal.waitForExit()
    let lines = try await listed()
    #expect(lines.map { $0.contains("waiting") } == [true, true, true], "\(lines)")
    #expect(lines.first?.contains("horn.wav") == true && lines.dropFirst().first?.contains("backup.bin") == true)
    await terminal.close()

    let again = try await demo.start()
    screen = try await again.wait(for: "Queue paused 3…")
    #expect(screen.contains("Waiting 3"))
    try await again.press("F10")
    #expect(try await again.waitForExit() == .exited(0))
    await again.close()
    demo.remove()
  }
}
