import Glibc
import SystemPackage
import TestSupport
import Testing

/// `--segments`: a large file from a real server that limits the speed of each session, which is what it is for.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `One file over several sessions` {
  private static let mebibytes = 40
  private static let size = mebibytes << 20

  private struct Setting {
    let server: RealServer
    let ferry: FerryProgram
    let here: FilePath
    var there: FilePath { server.root.appending("large") }

    /// - Parameter lines: for the server's configuration.
    init(_ software: ServerSoftware, _ lines: [String]) async throws {
      var options = ServerOptions()
      options.extra = lines
      server = try await RealServer.start(software, options)
      ferry = try FerryProgram(server)
      here = try ferry.home.makeFolder("here")
      try await TreeFixture.makeLarge(server.root.appending("large"), mebibytes: mebibytes)
      try await server.adopt()
    }

    var arguments: [String] { ["get", "\(server.address)/large", here.string, "--segments", "4", "--json"] }

    func expectWhole() async throws {
      #expect(try FileTree.names(in: here).map(\.string) == ["large"])
      #expect(
        try await TreeDigest(of: here).differences(from: TreeDigest(of: server.root)) == [])
    }
  }

  /// The words of a server's log that follow a word, such as the offsets of `REST`.
  private func values(after word: String, in log: String) -> [Int] {
    log.split(separator: word).dropFirst().compactMap { Int($0.prefix(while: \.isNumber)) }
  }

  @Test func `is whole, and came over several at the same time`() async throws {
    // Bytes a second of each session: all of it would take 5 s over one.
    let setting = try await Setting(.vsftpd, ["anon_max_rate=\(Self.size / 5)"])
    try await setting.ferry.runSuccessfully(setting.arguments)
    try await setting.expectWhole()
    let log = setting.server.log
    let quarter = Self.size / 4
    #expect(Set([quarter, 2 * quarter, 3 * quarter]).isSubset(of: values(after: "\"REST ", in: log)), "\(log)")
    // One session began to send while another one had not ended.
    let lines = log.split(separator: "\n")
    let end = try #require(lines.firstIndex { $0.contains("OK DOWNLOAD") })
    let senders = lines[..<end].filter { $0.contains("\"RETR ") }.map { sessions(in: $0) }
    #expect(Set(senders).count > 1, "\(log)")
    await setting.server.stop()
  }

  @Test func `is whole from ProFTPD, too`() async throws {
    let setting = try await Setting(.proFTPD, [])
    let result = try await setting.ferry.runSuccessfully(setting.arguments)
    #expect(result.outputText.contains(#""state":"done""#))
    try await setting.expectWhole()
    await setting.server.stop()
  }

  @Test func `goes on after a kill with what is missing`() async throws {
    let setting = try await Setting(.vsftpd, ["anon_max_rate=\(Self.size / 16)"])
    let running = try setting.ferry.program(setting.arguments).start()
    // How far it has come is kept behind the bytes of the file itself, every three seconds.
    let isRecorded = try await eventually(within: .seconds(20)) { try recorded(in: setting.here) > Self.size / 3 }
    #expect(isRecorded)
    kill(running.pid, SIGKILL)
    _ = try await running.result(timeout: .seconds(10))
    let kept = try recorded(in: setting.here)
    #expect(kept < Self.size)
    let before = sessions(in: setting.server.log)

    try setting.ferry.home.write("segments = 4\n", to: "config.toml")
    let result = try await setting.ferry.run(["queue", "run", "--json"])
    #expect(result.succeeded, "\(result)")
    try await setting.expectWhole()
    // What it sent to the second process; the sessions of the first one may have a last word meanwhile.
    let lines = setting.server.log.split(separator: "\n").filter { sessions(in: $0).isDisjoint(with: before) }
    let sent = values(after: "\"\(setting.there)\", ", in: lines.joined(separator: "\n")).reduce(0, +)
    #expect(sent >= Self.size - kept)
    // It does not stop sending the moment that a segment has ended.
    #expect(sent < Self.size - kept / 2, "\(kept) were there, \(sent) were sent again")
    await setting.server.stop()
  }

  /// The processes of vsftpd's sessions, which begin each line with theirs.
  private func sessions(in log: some StringProtocol) -> Set<Int> { Set(values(after: "[pid ", in: String(log))) }

  /// Bytes that the part file says to hold.
  private func recorded(in folder: FilePath) throws -> Int {
    guard let name = try FileTree.names(in: folder).first else { return 0 }
    let part = folder.appending(name)
    guard let file = try? FileDescriptor.open(part, .readOnly) else { return 0 }
    defer { try? file.close() }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: Int64(Self.size), into: $0) }
    let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").dropFirst(2)
    return lines.reduce(0) { sum, line in
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      return numbers.count == 3 ? sum + numbers[2] - numbers[0] : sum
    }
  }
}
