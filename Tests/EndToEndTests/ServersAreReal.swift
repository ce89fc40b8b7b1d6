import SystemPackage
import TestSupport
import Testing

/// Proves the servers themselves, with curl, before anything of Ferry's is tried on them.
@Suite struct `The real servers` {
  /// A server and when its TLS begins.
  struct Case: Sendable, CustomTestStringConvertible {
    let software: ServerSoftware
    let mode: ServerOptions.Mode
    var testDescription: String { "\(software), \(mode)" }

    static let all =
      ServerSoftware.allCases.map { Case(software: $0, mode: .explicit) }
      + ServerSoftware.allCases.filter(\.hasImplicit).map { Case(software: $0, mode: .implicit) }
  }

  @Test(arguments: Case.all)
  func `take curl's upload, list it and give it back`(_ test: Case) async throws {
    let server = try await RealServer.start(test.software, ServerOptions(mode: test.mode))
    let folder = try TemporaryFolder()
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
    let sent = try folder.write(bytes, to: "sent")
    let curl = Curl(server)
    try await curl.upload(sent, to: "made/by curl.bin".replacing(" ", with: "%20"))
    #expect(try await curl.list("made").contains("by curl.bin"))
    #expect(try FileTree.read(server.root.appending("made/by curl.bin")) == bytes)
    try await curl.download("made/by%20curl.bin", to: folder.appending("received"))
    #expect(try FileTree.read(folder.appending("received")) == bytes)
    try await curl.run(["-Q", "-DELE \(server.remotePath("made/by curl.bin"))", curl.url("")])
    #expect(!FileTree.exists(server.root.appending("made/by curl.bin")))
    let pid = server.pid
    await server.stop()
    #expect(!FileTree.exists(FilePath("/proc/\(pid)")))
  }

  @Test(arguments: ServerSoftware.allCases)
  func `refuse a wrong password`(_ software: ServerSoftware) async throws {
    let server = try await RealServer.start(software)
    let failure = await #expect(throws: TestFailure.self) {
      try await Curl(server).run(["-u", "\(RealServer.user):wrong", Curl(server).url("")])
    }
    #expect(failure?.description.contains("530") == true)
    await server.stop()
  }

  @Test(arguments: ServerSoftware.allCases, [ServerOptions.Versions.only12, .only13])
  func `speak only the TLS versions they are told`(
    _ software: ServerSoftware, _ versions: ServerOptions.Versions
  ) async throws {
    let server = try await RealServer.start(software, ServerOptions(versions: versions))
    let curl = Curl(server)
    let (right, wrong) =
      versions == .only12
      ? (["--tls-max", "1.2"], ["--tlsv1.3"]) : (["--tlsv1.3"], ["--tlsv1.2", "--tls-max", "1.2"])
    try await curl.run(right + [curl.url("")])
    await #expect(throws: TestFailure.self) { try await curl.run(wrong + [curl.url("")]) }
    await server.stop()
  }

  @Test(arguments: ServerSoftware.allCases)
  func `let in only whom the authority knows, where a client certificate is required`(
    _ software: ServerSoftware
  ) async throws {
    var options = ServerOptions()
    options.requiresClientCertificate = true
    let server = try await RealServer.start(software, options)
    let curl = Curl(server)
    try await curl.run(["--cert", TestCertificates.Client.known.both.string, curl.url("")])
    await #expect(throws: TestFailure.self) { try await curl.run([curl.url("")]) }
    await #expect(throws: TestFailure.self) {
      try await curl.run(["--cert", TestCertificates.Client.stranger.both.string, curl.url("")])
    }
    await server.stop()
  }

  @Test func `a server that cannot start fails with its own words`() async throws {
    var options = ServerOptions()
    options.extra = ["no_such_setting=YES"]
    let failure = await #expect(throws: TestFailure.self) { try await RealServer.start(.vsftpd, options) }
    #expect(failure?.description.contains("no_such_setting") == true)
  }
}
