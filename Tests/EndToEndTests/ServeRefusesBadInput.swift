import Glibc
import SystemPackage
import TestSupport
import Testing

/// What `ferry serve` says when it cannot begin, and what it does not let happen.
@Suite(.timeLimit(.minutes(2))) struct `A server that cannot start` {
  /// One sentence on standard error, nothing on standard output, and the status.
  private func expect(
    _ result: ProgramResult, _ status: Int32, _ word: String, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == .exited(status), "\(result)", sourceLocation: location)
    #expect(result.output == [], "\(result)", sourceLocation: location)
    let lines = result.errorText.split(separator: "\n")
    #expect(lines.first?.hasPrefix("ferry: ") == true && lines.first?.hasSuffix(".") == true, sourceLocation: location)
    #expect(result.errorText.contains(word), "\(result)", sourceLocation: location)
  }

  @Test func `says in a sentence why`() async throws {
    let ferry = try CommandFerry()
    let folder = try ferry.home.makeFolder("shared").string
    let passwords = try ferry.home.write("lovelace\n", to: "passwords").string
    let user = ["--user", "ada", "--password-file", passwords, "--port", "0"]
    func run(_ arguments: [String]) async throws -> ProgramResult { try await ferry.run(["serve"] + arguments) }

    expect(try await run([folder, "--port", "0"]), 2, "ferry serve users add")
    expect(try await run(["nowhere"] + user), 2, "nowhere")
    expect(try await run([passwords] + user), 2, "not a folder")
    expect(try await run([folder, "--user", "ada", "--port", "0"]), 2, "--password-file")
    expect(try await run([folder, "--user", "a b", "--password-file", passwords]), 2, "without spaces")
    expect(try await run([folder, "--user", "ada", "--user", "eve", "--password-file", passwords]), 2, "2 passwords")
    expect(try await run([folder, "--address", "files.example.org"] + user), 2, "numeric address")
    expect(try await run([folder, "--address", "192.0.2.1"] + user), 1, "no such address")
    expect(try await run([folder, "--passive-ports", "9-1"] + user), 2, "--passive-ports")
    expect(try await run([folder, "--limit", "1K"] + user), 2, "--limit")
    expect(
      try await run([folder, "--client-certificates", "require", "--trust-authority", passwords] + user), 2,
      "no certificates in PEM form")
    expect(
      try await run([folder, "--client-certificates", "require", "--crl-file", passwords] + user), 2,
      "holds no lists of revoked certificates")
    expect(try await run([folder, "--crl-file", passwords] + user), 2, "--client-certificates request or require")
    try await TestCertificates.make()
    expect(
      try await run(
        [
          folder, "--client-certificates", "require", "--trust-authority",
          TestCertificates.Client.known.certificate.string,
        ] + user), 2, "may sign nothing")
    // Clients could fetch the key.
    expect(try await run([ferry.home.path.string] + user), 2, "--state")

    // As root every folder can be read.
    if geteuid() != 0 {
      try FileTree.setPermissions([], of: FilePath(folder))
      expect(try await run([folder] + user), 2, "Permission denied")
    }
  }

  @Test func `names the port that is taken`() async throws {
    let served = try await CommandServe()
    let other = try await served.ferry.run(["serve", served.root.string, "--port", "\(served.port)"])
    expect(other, 1, "another program uses it already")
    #expect(other.errorText.contains("\(served.port)"))
    await served.stop()
  }

  @Test func `keeps its key under the passphrase, and starts with no other`() async throws {
    let ferry = try CommandFerry()
    let right = try ferry.home.write("correct horse\n", to: "right").string
    let wrong = try ferry.home.write("battery staple\n", to: "wrong").string
    let served = try await CommandServe(["--passphrase-file", right], ferry: ferry)
    await served.stop()
    #expect(try FileTree.text(served.certificate).contains("BEGIN ENCRYPTED PRIVATE KEY"))
    #expect(!served.program.errorText.contains("no passphrase"))
    // The openssl command opens it too.
    try await Program("openssl", ["pkey", "-in", served.certificate.string, "-passin", "file:\(right)", "-noout"])
      .runSuccessfully()

    let again = try await CommandServe(["--passphrase-file", right], ferry: ferry)
    #expect(again.fingerprint == served.fingerprint)
    await again.stop()
    let start = ["serve", served.root.string, "--port", "0"]
    expect(try await ferry.run(start), 2, "--passphrase-file")
    expect(try await ferry.run(start + ["--passphrase-file", wrong]), 1, "does not open")
  }

  @Test func `says when it is open to the network, and that its key has no passphrase`() async throws {
    let served = try await CommandServe(["--address", "0.0.0.0", "--read-only"])
    #expect(served.program.errorText.contains("OPEN TO THE NETWORK"))
    #expect(!served.program.errorText.contains("change"))
    #expect(served.program.errorText.contains("no passphrase"))
    let facts = try #require(FileTree.facts(served.certificate))
    #expect(facts.st_mode & 0o777 == 0o600)
    await served.stop()
  }

  @Test func `says that a user who needs a certificate cannot log in without being asked for it`() async throws {
    let ferry = try CommandFerry()
    let grace = try await ferry.makeClient("grace")
    try await ferry.program(["serve", "users", "add", "grace", "--certificate", grace.string]).runSuccessfully()
    let served = try await CommandServe(ferry: ferry, users: true)
    #expect(try await eventually { served.program.errorText.contains("grace is let in with a certificate only") })
    let refused = try await served.curl(["-u", "grace:"], certificate: grace)
    #expect(refused.exitStatus == 67, "\(refused)")
    await served.stop()
    #expect(try await ferry.run(["serve", "users", "remove", "grace"]).outputText == "Removed grace\n")
    #expect(try await ferry.run(["serve", "users", "remove", "grace"]).exitStatus == 1)
    let list = try await ferry.run(["serve", "clients", "list", "--json"]).outputText
    #expect(list.contains("\"state\":\"trusted\"") && list.contains("\"subject\":\"CN=grace\""), "\(list)")
    #expect(try await ferry.run(["serve", "clients", "remove", "1"]).succeeded)
    #expect(try await ferry.run(["serve", "clients", "list"]).output == [])
    for words in [["trust", "FFFF"], ["reject", "nothing"], ["remove", "7"]] {
      let result = try await ferry.run(["serve", "clients"] + words)
      #expect(result.exitStatus == 1 && result.errorText.contains("ferry serve clients list"), "\(result)")
    }
  }

  @Test func `prints JSON for programs`() async throws {
    let ferry = try CommandFerry()
    let root = try ferry.home.makeFolder("shared").string
    let passwords = try ferry.home.write("lovelace\n", to: "passwords").string
    let program = try ferry.program(
      ["serve", root, "--port", "0", "--json", "--user", "ada", "--password-file", passwords]
    ).start()
    #expect(try await eventually(within: .seconds(20)) { program.outputText.contains("\n") })
    let first = program.outputText.split(separator: "\n")[0]
    #expect(first.hasPrefix("{\"event\":\"listening\",\"address\":\"ftpes://ada@127.0.0.1:"), "\(first)")
    #expect(first.contains("\"sha256\":\"SHA256:"))
    await program.stop()
    #expect(program.status == .exited(0))
  }
}
