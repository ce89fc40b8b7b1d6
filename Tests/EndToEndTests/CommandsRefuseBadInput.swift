import Glibc
import SystemPackage
import TestSupport
import Testing

/// What goes wrong for a command without a screen becomes one clear sentence and the right exit status.
@Suite struct `A command` {
  /// One sentence on standard error, nothing on standard output, and the status.
  private func expect(
    _ result: ProgramResult, _ status: Int32, _ word: String, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == .exited(status), "\(result)", sourceLocation: location)
    #expect(result.output == [], sourceLocation: location)
    let lines = result.errorText.split(separator: "\n")
    #expect(lines.count == 1, "\(result)", sourceLocation: location)
    #expect(lines.first?.hasPrefix("ferry: ") == true, sourceLocation: location)
    #expect(lines.first?.hasSuffix(".") == true, sourceLocation: location)
    #expect(result.errorText.contains(word), "\(result)", sourceLocation: location)
  }

  @Test(arguments: [
    ("files.example.org", "ftpes://files.example.org"), ("sftp://files.example.org", "sftp"),
    ("ftpes://files.example.org:99999", "port"), ("ftpes://", "host"), ("ftpes://ada:pw@127.0.0.1", "--password-file"),
  ])
  func `refuses an address that is none`(_ address: String, _ word: String) async throws {
    expect(try await CommandFerry().run(["ls", address]), 2, word)
  }

  @Test func `says what is wrong with its own options`() async throws {
    let ferry = try CommandFerry()
    let address = "ftpes://ada@127.0.0.1:1"
    expect(try await ferry.run(["ls", address, "--password-file", "nothing"]), 2, "nothing")
    let open = try ferry.home.write("sesame", to: "open", permissions: [.ownerReadWrite, .otherRead])
    expect(try await ferry.run(["ls", address, "--password-file", open.string]), 2, "chmod 600")
    expect(try await ferry.run(["ls", address, "--password-command", "exit 3"]), 2, "--password-command")
    expect(try await ferry.run(["ls", address, "--ca-file", open.string]), 2, "--ca-file")
    let bogus = try await ferry.run(["ls", "--bogus", address])
    #expect(bogus.status == .exited(2))
    #expect(bogus.errorText.contains("--bogus"))
  }

  @Test func `says that a host is not there`() async throws {
    let ports = try PortBlock()
    expect(try await CommandFerry().run(["ls", "ftpes://127.0.0.1:\(ports.control)"]), 3, "refused")
    expect(try await CommandFerry().run(["ls", "ftpes://files.invalid"]), 3, "not known")
  }

  @Test func `says that a port is of the other kind`() async throws {
    let ferry = try CommandFerry()
    let explicit = try await RealServer.start(.vsftpd)
    let login = try ferry.login(explicit.password)
    expect(try await ferry.run(["ls", "ftps://ftp@127.0.0.1:\(explicit.port)"] + login), 3, "ftpes://")
    await explicit.stop()
    let implicit = try await RealServer.start(.vsftpd, ServerOptions(mode: .implicit))
    expect(try await ferry.run(["ls", "ftpes://ftp@127.0.0.1:\(implicit.port)"] + login), 3, "ftps://")
    await implicit.stop()
  }

  @Test func `sends no password to a server without TLS`() async throws {
    let ferry = try CommandFerry()
    var options = ServerOptions()
    options.extra = ["ssl_enable=NO"]
    let server = try await RealServer.start(.vsftpd, options)
    expect(try await ferry.run(["ls", server.address] + ferry.login(server.password)), 3, "no TLS")
    #expect(server.log.contains("\"AUTH TLS\""))
    #expect(!server.log.contains("\"USER") && !server.log.contains("\"PASS"))
    await server.stop()
  }

  @Test func `says that the password is wrong`() async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(.proFTPD)
    expect(try await ferry.run(["ls", server.address] + ferry.login("wrong")), 5, "password")
    expect(try await ferry.run(["ls", server.address, "--trust", "new"]), 5, "password")
    await server.stop()
  }

  @Test func `logs in nowhere before a certificate is trusted`() async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(.pyftpdlib)
    expect(
      try await ferry.run(["ls", server.address] + ferry.login(server.password, trust: "known")), 4, "--trust new")
    // Without a terminal there is nobody to ask, and that is the default.
    let untold = try ferry.login(server.password).suffix(2)
    expect(try await ferry.run(["ls", server.address] + untold), 4, "SHA256:")
    let other = "SHA256:" + String(repeating: "00:", count: 31) + "00"
    expect(try await ferry.run(["ls", server.address, "--fingerprint", other] + untold), 4, "--fingerprint")
    #expect(!server.log.contains("USER"))
    await server.stop()
  }

  @Test func `never accepts a changed certificate by itself`() async throws {
    let ferry = try CommandFerry()
    var demo = try await CommandDemo(ferry)
    let login = ["--password-file", demo.passwordFile]
    #expect(try await ferry.run(["ls", demo.address, "--trust", "new"] + login).succeeded)
    #expect(try await ferry.run(["ls", demo.address, "--trust", "known"] + login).outputText.contains("README"))
    await demo.stop()

    // Its next start makes another certificate, and finds the same port.
    FileTree.remove(ferry.home.appending("demo/server.pem"))
    let address = demo.address
    demo = try await CommandDemo(ferry)
    #expect(demo.address == address)
    for trust in ["new", "known", "ask"] {
      expect(try await ferry.run(["ls", address, "--trust", trust] + login), 4, "changed")
    }
    let host = String(address.dropFirst("ftpes://demo@".count).dropLast())
    #expect(try await ferry.run(["trust", "remove", host]).succeeded)
    #expect(try await ferry.run(["ls", address, "--trust", "new"] + login).succeeded)
    await demo.stop()
  }

  @Test func `says that a folder is not there`() async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(.pureFTPd)
    let result = try await ferry.run(["ls", server.address + "/missing"] + ferry.login(server.password))
    expect(result, 1, "missing")
    await server.stop()
  }

  @Test func `keeps a broken database aside, and trusts nothing from it`() async throws {
    let ferry = try CommandFerry()
    _ = try ferry.home.write("this is no database, but it is long enough to be read as one", to: "ferry.db")
    let result = try await ferry.run(["trust", "list"])
    #expect(result.succeeded)
    #expect(result.output == [])
    #expect(result.errorText.contains("is kept as"))
    #expect(try FileTree.names(in: ferry.home.path).contains { $0.string.hasPrefix("ferry.db.corrupt-") })
  }
}
