import Foundation
import SystemPackage
import TestSupport
import Testing

/// `ferry probe` against real servers: what it finds, what it advises, and what it leaves behind, which is nothing.
@Suite(.serialized, .timeLimit(.minutes(3))) struct `A probe` {
  /// The verdict on each step, from the lines of `--json`.
  private func verdicts(_ result: ProgramResult) throws -> [String: (verdict: String, found: String, advice: String)] {
    var verdicts: [String: (String, String, String)] = [:]
    for line in result.outputText.split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let step = object?["step"] as? String else { continue }
      verdicts[step] = (
        object?["verdict"] as? String ?? "", object?["found"] as? String ?? "", object?["advice"] as? String ?? ""
      )
    }
    return verdicts
  }

  @Test(arguments: ServerSoftware.allCases)
  func `finds each step in order, and leaves nothing on the server`(_ software: ServerSoftware) async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(software)
    try FileTree.write(Array("hello".utf8), to: server.root.appending("hello.txt"))
    try await server.adopt()
    let before = try await TreeDigest(of: server.root)
    let command = ["probe", server.address, "--json", "--write", "--diagram"]
    let result = try await ferry.run(command + ferry.login(server.password))
    #expect(result.succeeded, "\(result)")
    let steps = try verdicts(result)
    for step in ["name", "connect", "greeting", "tls", "login", "protection", "passive", "restart", "clean-up"] {
      #expect(steps[step]?.verdict == "ok", "\(step): \(result)")
    }
    // Pure-FTPd resumes no session of TLS 1.3.
    #expect(steps["data"]?.verdict == (software == .pureFTPd ? "warn" : "ok"), "\(result)")
    // Nobody vouches for the tests' authority.
    #expect(steps["certificate"]?.verdict == "warn")
    #expect(steps["listing"]?.verdict == (software.hasMLSD ? "ok" : "note"))
    #expect(!steps.values.contains { $0.verdict == "fail" }, "\(result)")
    #expect(!result.outputText.contains(server.password))
    #expect(result.outputText.contains("PASS \\u2022\\u2022\\u2022\\u2022"))
    #expect(try await TreeDigest(of: server.root).differences(from: before) == [])
    #expect(try FileTree.names(in: server.root).map(\.string) == ["hello.txt"])
    await server.stop()
  }

  @Test func `writes nothing unless it may`() async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(.vsftpd)
    let result = try await ferry.run(["probe", server.address] + ferry.login(server.password))
    #expect(result.succeeded, "\(result)")
    #expect(result.outputText.contains("✓ passive mode"))
    #expect(result.outputText.contains("--write tries"))
    for verb in ["STOR", "DELE", "MFMT", "MKD"] { #expect(!server.log.contains("\"\(verb)"), "\(server.log)") }
    await server.stop()
  }

  @Test func `says which kind of TLS a port is for`() async throws {
    let ferry = try CommandFerry()
    let explicit = try await RealServer.start(.vsftpd)
    var result = try await ferry.run(
      ["probe", "--json", "ftps://ftp@127.0.0.1:\(explicit.port)"] + ferry.login(explicit.password))
    #expect(result.status == .exited(3), "\(result)")
    #expect(try verdicts(result)["tls"]?.verdict == "fail")
    #expect(try verdicts(result)["tls"]?.advice.contains("ftpes://127.0.0.1:\(explicit.port)") == true)
    await explicit.stop()
    let implicit = try await RealServer.start(.vsftpd, ServerOptions(mode: .implicit))
    result = try await ferry.run(
      ["probe", "--json", "ftpes://ftp@127.0.0.1:\(implicit.port)"] + ferry.login(implicit.password))
    #expect(result.status == .exited(3), "\(result)")
    #expect(try verdicts(result)["greeting"]?.verdict == "fail")
    #expect(try verdicts(result)["greeting"]?.advice.contains("ftps://127.0.0.1:\(implicit.port)") == true)
    result = try await ferry.run(["probe", "--json", implicit.address] + ferry.login(implicit.password))
    #expect(result.succeeded, "\(result)")
    await implicit.stop()
  }

  @Test func `tells a server without TLS, an address behind a router, and no name`() async throws {
    let ferry = try CommandFerry()
    var options = ServerOptions()
    options.extra = ["ssl_enable=NO"]
    let plain = try await RealServer.start(.vsftpd, options)
    var result = try await ferry.run(["probe", "--json", plain.address] + ferry.login(plain.password))
    #expect(result.status == .exited(3), "\(result)")
    #expect(try verdicts(result)["tls"]?.verdict == "fail")
    #expect(!plain.log.contains("\"USER"))
    await plain.stop()

    options.extra = ["pasv_address=10.11.12.13"]
    let routed = try await RealServer.start(.vsftpd, options)
    result = try await ferry.run(["probe", "--json", routed.address] + ferry.login(routed.password))
    #expect(result.succeeded, "\(result)")
    #expect(try verdicts(result)["passive"]?.verdict == "warn")
    #expect(try verdicts(result)["passive"]?.found.contains("10.11.12.13") == true)
    #expect(try verdicts(result)["data"]?.verdict == "ok")
    await routed.stop()

    result = try await ferry.run(["probe", "--json", "ftpes://ada@files.invalid"])
    #expect(result.status == .exited(3), "\(result)")
    #expect(try verdicts(result).keys.sorted() == ["name"])
    #expect(try verdicts(result)["name"]?.verdict == "fail")
  }

  @Test func `stops at a certificate nobody trusts, and at a wrong password`() async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(.proFTPD)
    var result = try await ferry.run(
      ["probe", "--json", server.address] + ferry.login(server.password, trust: "known"))
    #expect(result.status == .exited(4), "\(result)")
    var steps = try verdicts(result)
    #expect(steps["tls"]?.verdict == "ok")
    #expect(steps["certificate"]?.verdict == "fail")
    #expect(steps["certificate"]?.found.contains("SHA256:") == true)
    #expect(steps["login"] == nil)
    result = try await ferry.run(["probe", "--json", server.address] + ferry.login("wrong"))
    #expect(result.status == .exited(5), "\(result)")
    steps = try verdicts(result)
    #expect(steps["certificate"]?.verdict == "warn")
    #expect(steps["login"]?.verdict == "fail")
    #expect(!result.outputText.contains("wrong"))
    await server.stop()
  }
}
