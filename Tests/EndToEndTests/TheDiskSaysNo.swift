import Glibc
import SystemPackage
import TestSupport
import Testing

/// What happens when the trouble is on this side: each time one clear sentence, the right exit status, nothing lost.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `The local side` {
  @Test func `a full disk is said in one sentence, and leaves no half file under a final name`() async throws {
    let server = try await RealServer.start(.vsftpd)
    try FileTree.makeFolders(server.root.appending("tree"))
    try FileTree.write(TreeFixture.bytes(12 << 20, seed: 1), to: server.root.appending("tree/large.bin"))
    try await server.adopt()
    let ferry = try FerryProgram(server)
    let target = try ferry.home.makeFolder("small disk")
    let result = try await inOwnMounts(
      ferry.program(["get", "\(server.address)/tree", target.string]),
      before: "mount -t tmpfs -o size=4m none \(quoted(target))", after: "find \(quoted(target)) -type f -name '*.bin'")
    #expect(result.status == .exited(1), "\(result)")
    #expect(result.errorText.contains("The disk is full"), "\(result)")
    #expect(result.errorText.split(separator: "\n").count == 1, "\(result)")
    #expect(!result.outputText.contains("large.bin"), "\(result)")
    await server.stop()
  }

  @Test func `a folder that cannot be written to is named`() async throws {
    let server = try await RealServer.start(.vsftpd)
    try FileTree.write([1, 2, 3], to: server.root.appending("a.bin"))
    try await server.adopt()
    let ferry = try FerryProgram(server)
    let target = try ferry.home.makeFolder("read only")
    let path = quoted(target)
    let result = try await inOwnMounts(
      ferry.program(["get", "\(server.address)/a.bin", target.string]),
      before: "mount --bind \(path) \(path) && mount -o remount,ro,bind \(path)", after: "ls -A \(path)")
    #expect(result.status == .exited(1), "\(result)")
    #expect(result.errorText.contains("read-only"), "\(result)")
    await server.stop()
  }

  @Test func `a name with a line feed is refused by itself, and shown escaped`() async throws {
    let server = try await RealServer.start(.vsftpd)
    let ferry = try FerryProgram(server)
    let source = try ferry.home.makeFolder("source")
    try FileTree.write([1], to: source.appending("two\nlines"))
    try FileTree.write([2], to: source.appending("one line"))
    let result = try await ferry.run(["put", source.string, server.address])
    #expect(result.status == .exited(1), "\(result)")
    #expect(result.errorText.contains(#"two\x0Alines"#), "\(result)")
    #expect(try FileTree.read(server.root.appending("source/one line")) == [2])
    #expect(try FileTree.names(in: server.root.appending("source")).count == 1)
    await server.stop()
  }

  @Test func `a damaged database is kept aside, said, and trusted for nothing`() async throws {
    let server = try await RealServer.start(.vsftpd)
    let ferry = try FerryProgram(server)
    try await ferry.runSuccessfully(["ls", server.address])
    let database = ferry.home.appending("ferry.db")
    for suffix in ["-wal", "-shm"] { FileTree.remove(ferry.home.appending("ferry.db\(suffix)")) }
    try FileTree.write(Array("not a database at all, and long enough to be looked at".utf8), to: database)

    let result = try await ferry.run(["ls", server.address, "--trust", "known"], isTrusting: false)
    #expect(result.status == .exited(4), "\(result)")
    #expect(result.errorText.contains("ferry.db.corrupt-"), "\(result)")
    let kept = try FileTree.names(in: ferry.home.path).map(\.string).filter { $0.hasPrefix("ferry.db.corrupt-") }
    #expect(!kept.isEmpty)
    await server.stop()
  }

  /// Runs a program in a mount namespace of its own, with a command before it and one after it.
  private func inOwnMounts(_ program: Program, before: String, after: String) async throws -> ProgramResult {
    let words = ([program.name] + program.arguments).map { "'" + $0.replacing("'", with: "'\\''") + "'" }
    var program = program
    program.name = "unshare"
    // Ordinary users need a user namespace for it.
    let kind = getuid() == 0 ? "-m" : "-Urm"
    let script = "\(before) || exit 99; \(words.joined(separator: " ")); status=$?; \(after); exit $status"
    program.arguments = [kind, "sh", "-c", script]
    return try await program.run()
  }

  private func quoted(_ path: FilePath) -> String { "'\(path)'" }
}
