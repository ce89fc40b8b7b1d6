import SystemPackage
import TestSupport
import Testing

/// `--verify` against servers that compute digests and such that do not.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `Transfers prove themselves` {
  struct Case: Sendable, CustomTestStringConvertible {
    let software: ServerSoftware
    var extra: [String] = []
    let proof: String
    var testDescription: String { "\(software) \(extra.last ?? ""): \(proof)" }

    static let modDigest = ["LoadModule mod_digest.c", "DigestEngine on"]
    static let all = [
      Case(software: .vsftpd, proof: #""proof":"read-back","digest":null"#),
      Case(software: .proFTPD, extra: modDigest, proof: #""proof":"hash","digest":"SHA-512 "#),
      Case(software: .proFTPD, extra: modDigest + ["DigestAlgorithms crc32 md5"], proof: #""digest":"MD5 "#),
      // Announced, and then refused for files of this size.
      Case(software: .proFTPD, extra: modDigest + ["DigestMaxSize 10"], proof: #""proof":"read-back""#),
    ]
  }

  @Test(arguments: Case.all)
  func `in both directions`(_ test: Case) async throws {
    var options = ServerOptions()
    options.extra = test.extra
    let server = try await RealServer.start(test.software, options)
    let ferry = try FerryProgram(server)
    let bytes = TreeFixture.bytes(300_000, seed: 3)
    try ferry.home.write(bytes, to: "a file")

    let up = try await ferry.runSuccessfully(
      ["put", "--verify", "--json", ferry.home.appending("a file").string, server.address])
    #expect(up.outputText.contains(test.proof), "\(up)\n\(server.log.suffix(3000))")
    #expect(try FileTree.read(server.root.appending("a file")) == bytes)

    let back = try ferry.home.makeFolder("back")
    let down = try await ferry.runSuccessfully(
      ["get", "--verify", "--json", "\(server.address)/a%20file", back.string])
    #expect(down.outputText.contains(test.proof), "\(down)\n\(server.log.suffix(3000))")
    #expect(try FileTree.read(back.appending("a file")) == bytes)
    await server.stop()
  }
}
