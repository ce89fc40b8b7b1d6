import Glibc
import SystemPackage
import TestSupport
import Testing

/// `ferry serve` with Ferry, curl and lftp as its clients, at each of the three levels of security.
@Suite(.timeLimit(.minutes(3))) struct `A served folder` {
  @Test(arguments: [false, true])
  func `goes both ways with Ferry, curl and lftp`(_ isImplicit: Bool) async throws {
    let served = try await CommandServe(isImplicit ? ["--implicit"] : [])
    let content = TreeFixture.bytes(700_001, seed: 7)
    try FileTree.write(content, to: served.root.appending("down.bin"))

    let ferry = try CommandFerry()
    let login = try ferry.login(CommandServe.password, trust: "known") + ["--fingerprint", served.fingerprint]
    #expect(try await ferry.run(["ls", served.address] + login).outputText.contains("down.bin"))
    #expect(
      try await ferry.run(["get", served.address + "down.bin", ferry.home.path.string] + login).succeeded)
    #expect(try FileTree.read(ferry.home.appending("down.bin")) == content)
    let up = try ferry.home.write(content, to: "up.bin")
    #expect(try await ferry.run(["put", up.string, served.address] + login).succeeded)
    #expect(try FileTree.read(served.root.appending("up.bin")) == content)

    for version in ["1.2", "1.3"] {
      let file = ferry.home.appending("curl \(version)")
      let options = ["--tls-max", version, "--tlsv\(version)"]
      let got = try await served.curl(options + ["-o", file.string], path: "down.bin")
      #expect(got.succeeded, "\(got)")
      #expect(try FileTree.read(file) == content)
      let sent = try await served.curl(options + ["-T", file.string], path: "from%20curl%20\(version)")
      #expect(sent.succeeded, "\(sent)")
      #expect(try FileTree.read(served.root.appending("from curl \(version)")) == content)
    }

    // GnuTLS resumes sessions of TLS 1.2 only.
    let target = ferry.home.appending("lftp")
    try FileTree.makeFolders(target)
    let mirrored = try await served.lftp(
      "mirror / \"\(target)\"\nput -O / \"\(up)\" -o from-lftp", priority: "NORMAL:-VERS-ALL:+VERS-TLS1.2")
    #expect(mirrored.succeeded, "\(mirrored)")
    #expect(try FileTree.read(target.appending("down.bin")) == content)
    #expect(try FileTree.read(served.root.appending("from-lftp")) == content)

    served.program.signal(SIGTERM)
    let end = try await served.program.result(timeout: .seconds(10))
    #expect(end.status == .exited(0), "\(end)")
    for line in ["ada logged in", "sent /down.bin, 700001 bytes", "received /from-lftp, 700001 bytes", "left"] {
      #expect(end.outputText.contains(line), "\(end)")
    }
    #expect(!end.outputText.contains(CommandServe.password) && !end.errorText.contains(CommandServe.password))
  }

  @Test func `lets a client's certificate wait, and lets it in once it is trusted, without a restart`() async throws {
    let served = try await CommandServe(["--client-certificates", "require"])
    try FileTree.write(Array("content".utf8), to: served.root.appending("file"))
    let (ada, eve) = (try await served.ferry.makeClient("ada"), try await served.ferry.makeClient("eve"))

    let missing = try await served.curl([], path: "file")
    #expect(missing.exitStatus == 67, "\(missing)")
    #expect(missing.errorText.contains("needs a client certificate"))
    let refused = try await served.curl([], path: "file", certificate: ada)
    #expect(refused.exitStatus == 67 && refused.errorText.contains("not trusted here yet"), "\(refused)")
    let refusedToo = try await served.lftp("ls", certificate: eve)
    #expect(refusedToo.errorText.contains("not trusted here yet"), "\(refusedToo)")

    let list = try await served.decide(["clients", "list"]).outputText.split(separator: "\n")
    #expect(list.count == 2 && list.allSatisfy { $0.contains("pending") && $0.contains("127.0.0.1") }, "\(list)")
    let line = try #require(list.first { $0.contains("CN=ada") })
    let fingerprint = try #require(line.split(separator: " ").first { $0.hasPrefix("SHA256:") })
    #expect(refused.errorText.contains(fingerprint), "the client sees the same fingerprint")
    let seen = try await Program(
      "openssl", ["x509", "-in", ada.string, "-noout", "-fingerprint", "-sha256"]
    ).runSuccessfully()
    #expect(seen.outputText.contains(fingerprint.dropFirst("SHA256:".count)))

    _ = try await served.decide(["clients", "trust", String(fingerprint.prefix(20))])
    for version in ["1.2", "1.3"] {
      let welcome = try await served.curl(["--tls-max", version], path: "file", certificate: ada)
      #expect(welcome.outputText == "content", "\(welcome)")
    }
    let entered = try await served.lftp("cat /file", certificate: ada)
    #expect(entered.outputText == "content", "\(entered)")

    // Rejected is remembered, also by the next start.
    _ = try await served.decide(["clients", "reject", String(fingerprint)])
    #expect(try await served.curl([], path: "file", certificate: ada).errorText.contains("was rejected"))
    await served.stop()
    let again = try await CommandServe(["--client-certificates", "require"], ferry: served.ferry)
    #expect(again.fingerprint == served.fingerprint)
    #expect(try await again.curl([], path: "file", certificate: ada).errorText.contains("was rejected"))
    #expect(try await again.decide(["clients", "list"]).outputText.contains("rejected"))
    await again.stop()
  }

  @Test func `trusts the certificates that a trusted authority has signed`() async throws {
    try await TestCertificates.make()
    let served = try await CommandServe([
      "--client-certificates", "require", "--trust-authority", TestCertificates.authority.string,
    ])
    try FileTree.write(Array("content".utf8), to: served.root.appending("file"))
    let known = try await served.curl([], path: "file", certificate: TestCertificates.Client.known.both)
    #expect(known.outputText == "content", "\(known)")
    let other = try await served.lftp("cat /file", certificate: TestCertificates.Client.known.both)
    #expect(other.outputText == "content", "\(other)")
    let stranger = try await served.curl([], path: "file", certificate: TestCertificates.Client.stranger.both)
    #expect(stranger.errorText.contains("not trusted here yet"), "\(stranger)")
    let server = try await served.curl([], path: "file", certificate: TestCertificates.Server.p256.both)
    #expect(server.errorText.contains("issued for another use"), "\(server)")
    // A single one can be kept out.
    _ = try await served.decide(["clients", "reject", TestCertificates.Client.known.certificate.string])
    #expect(
      try await served.curl([], path: "file", certificate: TestCertificates.Client.known.both).errorText
        .contains("was rejected"))
    await served.stop()
  }

  @Test func `refuses certificates that their authority has taken back, as soon as its list says so`() async throws {
    let ferry = try CommandFerry()
    let revocations = try await RevocationListFile(in: ferry.home)
    let served = try await CommandServe(
      [
        "--client-certificates", "require", "--trust-authority", TestCertificates.authority.string, "--crl-file",
        revocations.path.string, "--limit", "64K",
      ], ferry: ferry)
    try FileTree.write(Array("content".utf8), to: served.root.appending("file"))
    try FileTree.write(TreeFixture.bytes(4 << 20, seed: 5), to: served.root.appending("large"))
    let known = TestCertificates.Client.known
    let entered = try await served.curl([], path: "file", certificate: known.both)
    #expect(entered.outputText == "content", "\(entered)")
    // Trusted by itself, too, which does not help.
    _ = try await served.decide(["clients", "trust", known.certificate.string])

    // That it is gone is said.
    let away = ferry.home.appending("away.crl")
    #expect(rename(revocations.path.string, away.string) == 0)
    #expect(try await eventually(within: .seconds(20)) { served.program.errorText.contains("No such file") })
    #expect(rename(away.string, revocations.path.string) == 0)

    // A minute's transfer is under way when the list comes.
    let (target, start) = (ferry.home.appending("large"), ContinuousClock.now)
    async let transfer = served.curl(["-o", target.string], path: "large", certificate: known.both)
    #expect(try await eventually(within: .seconds(20)) { (FileTree.facts(target)?.st_size ?? 0) > 0 })
    try await revocations.revoke(known.certificate)
    let cut = try await transfer
    #expect(cut.status != .exited(0) && ContinuousClock.now - start < .seconds(30), "\(cut)")
    let refused = try await served.curl([], path: "file", certificate: known.both)
    #expect(refused.errorText.contains("was taken back by its issuer"), "\(refused)")

    // What is no list any more is said, and changes nothing.
    try FileTree.write(Array("no list".utf8), to: revocations.path)
    #expect(
      try await eventually(within: .seconds(20)) {
        served.program.errorText.contains("holds no lists of revoked certificates")
      })
    let still = try await served.curl([], path: "file", certificate: known.both)
    #expect(still.errorText.contains("was taken back by its issuer"), "\(still)")
    await served.stop()
  }

  @Test func `says that a list of revoked certificates is out of date, and lets nobody in meanwhile`() async throws {
    let ferry = try CommandFerry()
    let revocations = try await RevocationListFile(in: ferry.home)
    try await revocations.publish(for: 1)
    let served = try await CommandServe(
      [
        "--client-certificates", "require", "--trust-authority", TestCertificates.authority.string, "--crl-file",
        revocations.path.string,
      ], ferry: ferry)
    try FileTree.write(Array("content".utf8), to: served.root.appending("file"))
    func warnings() -> Int { served.program.errorText.split(separator: "ran out on ").count - 1 }
    #expect(try await eventually(within: .seconds(20)) { warnings() == 1 })
    let known = TestCertificates.Client.known.both
    let refused = try await served.curl([], path: "file", certificate: known)
    #expect(refused.errorText.contains("out of date"), "\(refused)")

    try await revocations.publish()
    let enters = try await eventually(within: .seconds(20)) {
      try await served.curl([], path: "file", certificate: known).outputText == "content"
    }
    #expect(enters)
    try await revocations.publish(for: 1)
    #expect(try await eventually(within: .seconds(20)) { warnings() == 2 }, "\(served.program.errorText)")
    await served.stop()
  }

  @Test func `needs no password of a user with a certificate of their own`() async throws {
    let ferry = try CommandFerry()
    let (grace, eve) = (try await ferry.makeClient("grace"), try await ferry.makeClient("eve"))
    for arguments in [["users", "add", "grace", "--certificate", grace.string], ["clients", "trust", eve.string]] {
      try await ferry.program(["serve"] + arguments).runSuccessfully()
    }
    let served = try await CommandServe(["--client-certificates", "require", "--verbose"], ferry: ferry, users: true)
    try FileTree.write(Array("content".utf8), to: served.root.appending("file"))
    let entered = try await served.curl(["-u", "grace:"], path: "file", certificate: grace)
    #expect(entered.outputText == "content" && entered.errorText.contains("< 232 "), "\(entered)")
    #expect(!served.program.outputText.contains("> PASS"))
    let other = try await served.curl(["-u", "grace:guess"], path: "file", certificate: eve)
    #expect(other.exitStatus == 67, "\(other)")
    #expect(served.program.outputText.contains("wrong password for grace"))
    await served.stop()
  }

  @Test func `cuts off whom its owner rejects`() async throws {
    let served = try await CommandServe(["--client-certificates", "require", "--limit", "64K"])
    try FileTree.write(TreeFixture.bytes(4 << 20, seed: 1), to: served.root.appending("file"))
    let ada = try await served.ferry.makeClient("ada")
    _ = try await served.decide(["clients", "trust", ada.string])
    let transfer = try Program(
      "curl",
      [
        "-sS", "--ssl-reqd", "--cacert", served.certificate.string, "-u", "ada:lovelace", "--cert", ada.string, "-o",
        served.ferry.home.appending("part").string, "ftp://127.0.0.1:\(served.port)/file",
      ]
    ).start()
    #expect(
      try await eventually { FileTree.facts(served.ferry.home.appending("part")).map { $0.st_size > 0 } ?? false })
    _ = try await served.decide(["clients", "reject", "1"])
    let end = try await transfer.result(timeout: .seconds(10))
    #expect(!end.succeeded, "\(end)")
    #expect(served.program.outputText.contains("cut off"))
    await served.stop()
  }
}
