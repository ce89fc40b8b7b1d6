import Glibc
import SystemPackage
import TestSupport
import Testing

/// A newcomer's first minutes, with the real program in a real terminal: `ferry demo`.
@Suite(.serialized, .timeLimit(.minutes(3))) struct `The demo` {
  @Test func `asks about its certificate once, and files dragged across arrive whole`() async throws {
    let demo = try DemoRun()
    // Slow enough for a person, and a test, to see how far a file is.
    try FileTree.write(Array("limit = \"1M\"\n".utf8), to: demo.home.appending("config.toml"))
    var terminal = try await demo.start()

    let question = try await terminal.wait(for: "Unknown certificate")
    #expect(question.contains("127.0.0.1"))
    #expect(question.contains("SHA-256"))
    #expect(question.contains("self-signed"))
    try await terminal.click(try question.cell(of: "Always this certificate"))

    // The right pane has the server's folders: into media, which has three files.
    let server = try await terminal.wait(for: "media/")
    let media = try server.cell(of: "media/", in: 50..<100)
    try await terminal.click(media)
    try await terminal.click(media)
    try await terminal.wait(for: "harbour.ppm")
    for name in ["backup.bin", "harbour.ppm", "horn.wav"] {
      let row = try await terminal.screen().cell(of: name, in: 50..<100)
      try await terminal.mouse(.press(.right), at: row)
      try await terminal.mouse(.release(.right), at: row)
    }
    try await terminal.wait(for: "3 marked")

    let start = try await terminal.screen().cell(of: "horn.wav", in: 50..<100)
    try await terminal.drag(from: start, to: Screen.Cell(column: 12, row: 9)) {
      // Before the button is let go, the label says what is carried.
      try await terminal.wait(for: "3 files")
    }
    let moving = try await terminal.wait(for: " %")
    #expect(moving.contains("backup.bin"))
    let haveArrived = try await eventually(within: .seconds(20)) {
      FileTree.exists(demo.local.appending("horn.wav")) && FileTree.exists(demo.local.appending("backup.bin"))
        && FileTree.exists(demo.local.appending("harbour.ppm"))
    }
    let seen = try await terminal.screen()
    #expect(haveArrived, "\(seen)")
    for name in ["backup.bin", "harbour.ppm", "horn.wav"] {
      #expect(
        try FileTree.read(demo.local.appending(name)) == FileTree.read(demo.server.appending("media").appending(name)))
    }
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    #expect(try await isGivenBack(terminal))
    await terminal.close()

    terminal = try await demo.start()
    let again = try await terminal.wait(for: "media/")
    #expect(!again.contains("Unknown certificate"))
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    demo.remove()
  }

  @Test func `killed in the middle of a queue of 200 files, it goes on and loses nothing`() async throws {
    let demo = try DemoRun()
    var terminal = try await demo.start()
    try await terminal.click(try await terminal.wait(for: "Unknown certificate").cell(of: "Always this certificate"))
    try await terminal.wait(for: "media/")

    try FileTree.makeFolders(demo.local.appending("batch"))
    for number in 0..<200 {
      try FileTree.write(
        TreeFixture.bytes(200_000 + number, seed: number),
        to: demo.local.appending("batch").appending("file \(number).bin"))
    }
    try await terminal.press("C-r")
    let left = try await terminal.wait(for: "batch/")
    try await terminal.click(try left.cell(of: "batch/", in: 0..<50))
    try await terminal.press("F5")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("Enter")
    let arrived = demo.server.appending("batch")
    let isUnderWay = try await eventually(within: .seconds(20)) {
      guard FileTree.exists(arrived) else { return false }
      return try FileTree.names(in: arrived).count > 20
    }
    let busy = try await terminal.screen()
    #expect(isUnderWay, "\(busy)")
    try await terminal.kill(SIGKILL)
    _ = try await terminal.waitForExit()
    await terminal.close()
    let before = try FileTree.names(in: arrived).count
    #expect(before < 200)

    terminal = try await demo.start()
    let isComplete = try await eventually(within: .seconds(40)) {
      let names = try FileTree.names(in: arrived).map(\.string)
      return names.count == 200 && !names.contains { $0.hasSuffix(".part") }
    }
    let finished = try await terminal.screen()
    #expect(isComplete, "\(finished)")
    #expect(
      try await TreeDigest(of: arrived).differences(from: TreeDigest(of: demo.local.appending("batch"))) == [])
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    demo.remove()
  }

  /// Whether the terminal is as it was. (tmux hides the cursor of a program that has ended, so that tells nothing.)
  private func isGivenBack(_ terminal: TerminalDriver) async throws -> Bool {
    try await eventually {
      let modes = try await terminal.modes()
      return !modes.alternateScreen && !modes.mouse
    }
  }

  @Test func `gives the terminal back when it is told to end`() async throws {
    let demo = try DemoRun()
    let terminal = try await demo.start()
    try await terminal.wait(for: "Unknown certificate")
    #expect(try await terminal.modes().alternateScreen)
    try await terminal.kill(SIGTERM)
    _ = try await terminal.waitForExit()
    #expect(try await isGivenBack(terminal))
    await terminal.close()
    demo.remove()
  }
}

/// One demo with a home of its own, which outlives the program.
struct DemoRun {
  let home: TemporaryFolder

  init() throws { home = try TemporaryFolder("demo") }

  var data: FilePath { home.appending("demo") }
  var local: FilePath { data.appending("local") }
  var server: FilePath { data.appending("server") }

  func start(environment: [String: String] = [:]) async throws -> TerminalDriver {
    try await TerminalDriver(
      [try ProjectFolders.ferry(), "demo"],
      environment: ["FERRY_HOME": home.path.string, "LANG": "C.UTF-8"].merging(environment) { $1 }, columns: 100,
      rows: 30)
  }

  func remove() { home.remove() }
}
