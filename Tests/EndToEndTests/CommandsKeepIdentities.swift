import Glibc
import SystemPackage
import TestSupport
import Testing

/// `ferry identity` and `ferry authority` by themselves, beside the `openssl` command.
@Suite struct `Identity commands` {
  private func refused(
    _ ferry: CommandFerry, _ arguments: [String], _ status: Int32, _ sentence: String,
    _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let result = try await ferry.run(arguments)
    #expect(result.exitStatus == status, "\(result)", sourceLocation: location)
    #expect(result.errorText.contains(sentence), "\(result)", sourceLocation: location)
    // One sentence, and no more.
    #expect(result.errorText.split(separator: "\n").count == 1, "\(result)", sourceLocation: location)
  }

  @Test(arguments: [
    ("ec-p256", "ECDSA P-256"), ("ec-p384", "ECDSA P-384"), ("ed25519", "Ed25519"), ("rsa-2048", "RSA 2048"),
  ])
  func `make what openssl reads, with a passphrase`(_ kind: String, _ shown: String) async throws {
    let ferry = try CommandFerry()
    let secret = try ferry.home.write("grün & geheim\n", to: "passphrase").string
    let made = try await ferry.program(
      ["identity", "create", "work", "--key", kind, "--organization", "Müller", "--country", "de", "--days", "99"]
        + ["--passphrase-file", secret]
    ).runSuccessfully()
    for part in [shown, "C=DE, O=Müller, CN=work", "Days left    9", "encrypted with a passphrase"] {
      #expect(made.outputText.contains(part), "\(part)\n\(made)")
    }
    let folder = ferry.home.appending("identities/work")
    let (key, certificate) = (folder.appending("key.pem").string, folder.appending("certificate.pem").string)
    let publicKeys = [
      ["pkey", "-in", key, "-passin", "file:\(secret)", "-pubout"], ["x509", "-in", certificate, "-noout", "-pubkey"],
      ["req", "-in", folder.appending("request.pem").string, "-noout", "-pubkey"],
    ]
    var outputs: Set<[UInt8]> = []
    for command in publicKeys { outputs.insert(try await Program("openssl", command).runSuccessfully().output) }
    #expect(outputs.count == 1)
    try await Program(
      "openssl", ["verify", "-purpose", "sslclient", "-CAfile", certificate, certificate]
    ).runSuccessfully()
    let wrong = try ferry.home.write("grün\n", to: "wrong").string
    try await refused(
      ferry, ["identity", "renew", "work", "--passphrase-file", wrong], 5,
      "The passphrase does not open the key of work.")
    try await refused(ferry, ["identity", "renew", "work"], 5, "needs its passphrase")
    try await refused(ferry, ["identity", "create", "work", "--no-passphrase"], 1, "exists already")
    // Nothing of a passphrase is anywhere but in its file.
    for name in try FileTree.names(in: folder) {
      #expect(try !FileTree.text(folder.appending(name)).contains("geheim"))
    }
  }

  @Test func `go out and come back in every form`() async throws {
    let ferry = try CommandFerry()
    let secret = try ferry.home.write("first secret\n", to: "passphrase").string
    let other = try ferry.home.write("second secret\n", to: "other").string
    try await ferry.program(["identity", "create", "a", "--passphrase-file", secret]).runSuccessfully()
    let p12 = ferry.home.appending("a.p12").string
    try await ferry.program(
      ["identity", "export", "a", "--format", "pkcs12", "--passphrase-file", secret]
        + ["--export-passphrase-file", other, "--out", p12]
    ).runSuccessfully()
    try await Program("openssl", ["pkcs12", "-in", p12, "-passin", "file:\(other)", "-noout"]).runSuccessfully()
    let none = try ferry.home.write("\nsecond line\n", to: "none").string
    try await refused(
      ferry,
      ["identity", "export", "a", "--format", "pkcs12", "--passphrase-file", secret, "--export-passphrase-file", none],
      2, "passphrase is empty")
    try await ferry.program(["identity", "import", "b", p12, "--passphrase-file", other]).runSuccessfully()
    let der = try await ferry.program(["identity", "export", "a", "--format", "der"]).runSuccessfully().output
    let pem = try await ferry.program(["identity", "export", "b"]).runSuccessfully().output
    #expect(try await Program("openssl", ["x509", "-inform", "DER"], input: der).runSuccessfully().output == pem)
    // What openssl made: key and certificate in two files, the key unencrypted.
    let (key, certificate) = (ferry.home.appending("c.key").string, ferry.home.appending("c.pem").string)
    try await Program(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", key, "-out", certificate, "-subj", "/CN=grace"]
        + ["-days", "9", "-addext", "extendedKeyUsage=clientAuth"]
    ).runSuccessfully()
    try await ferry.program(["identity", "import", "c", key, certificate, "--passphrase-file", secret])
      .runSuccessfully()
    try await refused(ferry, ["identity", "import", "d", certificate, "--no-passphrase"], 1, "no private key")
    try await refused(ferry, ["identity", "import", "d", p12, "--passphrase-file", secret], 1, "does not open")
    try await ferry.program(
      ["identity", "passphrase", "c", "--passphrase-file", secret, "--new-passphrase-file", other]
    ).runSuccessfully()
    let request = try await ferry.program(["identity", "request", "c", "--passphrase-file", other]).runSuccessfully()
    let asked = try await Program("openssl", ["req", "-noout", "-verify", "-subject"], input: request.output)
      .runSuccessfully()
    #expect(asked.outputText.contains("CN = grace") && asked.errorText.contains("verify OK"))
    let before = try await ferry.run(["identity", "export", "c"]).output
    try await ferry.program(["identity", "renew", "c", "--passphrase-file", other]).runSuccessfully()
    #expect(try await ferry.run(["identity", "export", "c"]).output != before)
    try await ferry.program(["identity", "install", "c", "--previous"]).runSuccessfully()
    #expect(try await ferry.run(["identity", "export", "c"]).output == before)
    let list = try await ferry.program(["identity", "list"]).runSuccessfully().outputText
    #expect(list.split(separator: "\n").map { $0.prefix(1) } == ["a", "b", "c"])
    try await refused(ferry, ["identity", "remove", "c"], 2, "use --yes")
    try await ferry.program(["identity", "remove", "c", "--yes"]).runSuccessfully()
    try await refused(ferry, ["identity", "show", "c"], 2, "There is no client certificate named c")
  }

  @Test func `install nothing that does not fit, and say why`() async throws {
    let (ferry, office) = (try CommandFerry(), try CommandFerry())
    for name in ["mine", "other"] {
      try await ferry.program(["identity", "create", name, "--no-passphrase"]).runSuccessfully()
    }
    try await office.program(["authority", "create", "--no-passphrase"]).runSuccessfully()
    let before = try await ferry.run(["identity", "export", "mine"]).output
    let request = ferry.home.appending("identities/mine/request.pem").string
    let foreign = ferry.home.appending("identities/other/certificate.pem").string
    try await refused(ferry, ["identity", "install", "mine", foreign], 5, "does not belong to the private key")
    let files = office.home.appending("authorities/main")
    let usage = try ferry.home.write("extendedKeyUsage=serverAuth\n", to: "usage").string
    let server = ferry.home.appending("server.pem").string
    try await Program(
      "openssl",
      [
        "x509", "-req", "-in", request, "-CA", files.appending("certificate.pem").string, "-CAkey",
        files.appending("key.pem").string, "-set_serial", "7", "-days", "9", "-extfile", usage, "-out", server,
      ]
    ).runSuccessfully()
    try await refused(ferry, ["identity", "install", "mine", server], 5, "not for clients")
    let broken = try ferry.home.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: "broken")
    try await refused(ferry, ["identity", "install", "mine", broken.string], 1, "This is not a valid certificate")
    try await refused(
      ferry, ["identity", "install", "mine", request], 1, "This is not a valid certificate or key file")
    try await refused(ferry, ["identity", "install", "mine", "/nowhere"], 2, "cannot be read")
    let huge = try ferry.home.write([UInt8](repeating: 0x41, count: 2 << 20), to: "huge").string
    try await refused(ferry, ["identity", "install", "mine", huge], 2, "larger than 1 MiB")
    #expect(try await ferry.run(["identity", "export", "mine"]).output == before)

    // What openssl signs without the request's extensions fits, but strict servers refuse it.
    let bare = ferry.home.appending("bare.pem").string
    try await Program(
      "openssl",
      [
        "x509", "-req", "-in", request, "-CA", files.appending("certificate.pem").string, "-CAkey",
        files.appending("key.pem").string, "-set_serial", "8", "-days", "9", "-out", bare,
      ]
    ).runSuccessfully()
    let installed = try await ferry.program(["identity", "install", "mine", bare]).runSuccessfully()
    #expect(installed.errorText.contains("outdated form (version 1)"), "\(installed)")

    // The authority: nobody is asked where there is no terminal, and a request that was changed is not signed.
    let sign = ["authority", "sign", request, "--days", "9", "--out", ferry.home.appending("out.pem").string]
    let unasked = try await office.run(sign)
    #expect(unasked.exitStatus == 2 && unasked.errorText.contains("use --yes"), "\(unasked)")
    var der = try await Program("openssl", ["req", "-in", request, "-outform", "DER"]).runSuccessfully().output
    der[der.count - 3] ^= 1
    let changed = try ferry.home.write(der, to: "changed.csr").string
    let unsigned = try await office.run(["authority", "sign", changed, "--yes"])
    #expect(unsigned.exitStatus == 1 && unsigned.output.isEmpty, "\(unsigned)")
    #expect(unsigned.errorText.contains("WRONG") && unsigned.errorText.contains("its own signature is wrong"))
    #expect(try await office.run(["authority", "list"]).output.isEmpty)
    try await refused(
      office, ["authority", "sign", broken.string, "--yes"], 1, "This is not a valid certificate request")
    try await refused(ferry, ["authority", "list"], 2, "Make it with ferry authority create")
  }

  @Test func `ask for a passphrase twice and unseen, say how strong it is, and open a key in three attempts`()
    async throws
  {
    let ferry = try CommandFerry()
    func open(_ arguments: [String]) async throws -> TerminalDriver {
      try await TerminalDriver(
        [ferry.binary] + arguments, environment: ["FERRY_HOME": ferry.home.path.string], in: ferry.home.path)
    }
    func type(_ text: String, _ terminal: TerminalDriver) async throws {
      try await terminal.type(text)
      try await terminal.press("Enter")
    }
    /// Waits for a question to be there so often: what is typed before it is asked is thrown away.
    func ask(_ question: String, _ times: Int, _ terminal: TerminalDriver) async throws {
      try await terminal.wait(for: "question \(times): \(question)") { screen in
        screen.lines.count { $0.hasPrefix(question) } == times
      }
    }
    let create = try await open(["identity", "create", "work"])
    try await create.wait(for: "New passphrase for the key of work:")
    try await create.press("Enter")
    try await create.wait(for: "--no-passphrase insists on that")
    try await ask("New passphrase for the key of work:", 2, create)
    try await type("12345", create)
    try await create.wait(for: "It is very weak")
    try await ask("The same once more:", 1, create)
    try await type("54321", create)
    try await create.wait(for: "The two differ")
    try await ask("New passphrase for the key of work:", 3, create)
    let words = "otter ladle quartz Tuesday"
    try await type(words, create)
    try await create.wait(for: "It is strong")
    try await ask("The same once more:", 2, create)
    try await type(words, create)
    #expect(try await create.waitForExit() == .exited(0))
    let screen = try await create.screen()
    #expect(screen.contains("encrypted with a passphrase") && !screen.contains("otter"), "\(screen)")
    await create.close()

    let renew = try await open(["identity", "renew", "work"])
    try await renew.wait(for: "Passphrase for the key of work:")
    for attempt in 0..<3 {
      try await ask("Passphrase for the key of work:", attempt + 1, renew)
      try await type("wrong", renew)
    }
    #expect(try await renew.waitForExit() == .exited(5))
    #expect(try await renew.screen().contains("The passphrase does not open the key of work."))
    await renew.close()

    let again = try await open(["identity", "renew", "work"])
    try await again.wait(for: "Passphrase for the key of work:")
    try await type("wrong", again)
    try await ask("Passphrase for the key of work:", 2, again)
    try await type(words, again)
    #expect(try await again.waitForExit() == .exited(0))
    #expect(try await again.screen().contains("Servers have to be told of the new fingerprint."))
    await again.close()
  }
}
