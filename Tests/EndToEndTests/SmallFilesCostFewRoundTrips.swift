import SystemPackage
import TestSupport
import Testing

/// The program and a real server at the two ends of a long link, which counts how often it is crossed.
///
/// What one more file costs is the difference between many files and some, over one session. With TLS 1.3 a data
/// connection takes three round trips: TCP, TLS, and the data. Real servers add their own to that, but no more:
/// - vsftpd closes a data connection with `SO_LINGER`, and says 226 to a download only when all of it is acknowledged.
/// - ProFTPD waits for the client to close, too, and what is asked while a transfer runs it refuses with 450.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `A small file far away` {
  private static let some = 16, many = 48

  @Test func `takes three round trips up and four down with vsftpd`() async throws {
    let (down, up) = try await roundTrips(.vsftpd)
    #expect(down <= 4.3)
    #expect(up <= 3.3)
  }

  @Test func `takes four with ProFTPD`() async throws {
    let (down, up) = try await roundTrips(.proFTPD)
    #expect(down <= 4.3)
    #expect(up <= 4.3)
  }

  /// What one more file costs, down and up.
  private func roundTrips(_ software: ServerSoftware) async throws -> (down: Double, up: Double) {
    let server = try await RealServer.start(software, ServerOptions(versions: .only13))
    let local = try TemporaryFolder("files")
    var down: [Double] = []
    var up: [Double] = []
    for (name, count) in [("some", Self.some), ("many", Self.many)] {
      let folder = local.appending(name)
      try FileTree.makeFolders(folder)
      for number in 0..<count {
        try FileTree.write(TreeFixture.bytes(4096, seed: number), to: folder.appending("file \(number)"))
      }
      up.append(try await crossing(server) { ["put", folder.string, $0] })
      #expect(
        try await TreeDigest(of: server.root.appending(name)).differences(from: try await TreeDigest(of: folder)) == [])
      let back = try TemporaryFolder("back")
      down.append(try await crossing(server) { ["get", "\($0)/\(name)", back.path.string] })
      #expect(
        try await TreeDigest(of: back.appending(name)).differences(from: try await TreeDigest(of: folder)) == [])
    }
    await server.stop()
    let difference = Double(Self.many - Self.some)
    let costs = (down: (down[1] - down[0]) / difference, up: (up[1] - up[0]) / difference)
    print("\(software): \(costs.down) round trips for each file down, \(costs.up) up")
    return costs
  }

  /// Runs one command with one session over a new link, and returns the round trips of all of it.
  ///
  /// - Parameter words: the command, given the address of the server's folder.
  private func crossing(_ server: RealServer, _ words: (String) -> [String]) async throws -> Double {
    let link = try LongLink(to: [server.port] + server.passivePorts)
    defer { link.stop() }
    try await FerryProgram(server).runSuccessfully(words(server.address(at: link.host)) + ["--jobs", "1"])
    return link.roundTrips
  }
}
