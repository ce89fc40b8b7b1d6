import SystemPackage
import TestSupport
import Testing

@Suite struct `The tests' own machinery` {
  @Test func `a program's output, errors and exit status are captured`() async throws {
    let program = Program("sh", ["-c", "cat; echo bad >&2; exit 3"], input: Array("good".utf8))
    let result = try await program.run()
    #expect(result.outputText == "good")
    #expect(result.errorText == "bad\n")
    #expect(result.status == .exited(3))
  }

  @Test func `a megabyte of output blocks nothing`() async throws {
    let result = try await Program("head", ["-c", "1000000", "/dev/zero"]).runSuccessfully()
    #expect(result.output.count == 1_000_000)
  }

  @Test func `a program that takes too long is killed with its children`() async throws {
    let folder = try TemporaryFolder()
    let running = try Program("sh", ["-c", "sleep 1000 & echo $! >child; wait"], folder: folder.path).start()
    await #expect(throws: TestFailure.self) { try await running.result(timeout: .milliseconds(300)) }
    #expect(await running.ends(within: .seconds(10)))
    #expect(running.status == .killed(signal: 9))
    let child = try FileTree.text(folder.appending("child")).filter { !$0.isWhitespace }
    // Nobody may have waited for it yet: a process that has ended has no command line.
    #expect(try await eventually { (try? FileTree.read(FilePath("/proc/\(child)/cmdline")))?.isEmpty ?? true })
  }

  @Test func `a program that does not exist is an error that names it`() async throws {
    let failure = await #expect(throws: TestFailure.self) { try await Program("no-such-program").run() }
    #expect(failure?.description.contains("no-such-program") == true)
  }

  @Test func `a temporary folder goes with everything in it`() throws {
    var folder: TemporaryFolder? = try TemporaryFolder("removal")
    let path = folder!.path
    try folder!.write("x", to: "deep/er/name with ' and \n and \u{e9}")
    try folder!.makeFolder("deep/closed")
    try FileTree.setPermissions(.init(rawValue: 0), of: path.appending("deep"))
    folder = nil
    #expect(!FileTree.exists(path))
  }

  @Test func `two port blocks have no port in common`() throws {
    let blocks = try (0..<5).map { _ in try PortBlock() }
    #expect(Set(blocks.map(\.control)).count == 5)
    for block in blocks { #expect(block.control < 32_768 && block.passive.upperBound < 32_768) }
  }
}
