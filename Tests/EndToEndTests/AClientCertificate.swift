import SystemPackage
import TestSupport
import Testing

/// Security levels 2 and 3 with the real program against real servers that demand client certificates.
@Suite struct `A client certificate` {
  static let servers: [(ServerSoftware, ServerOptions.Versions)] = [
    (.proFTPD, .only12), (.proFTPD, .only13), (.vsftpd, .only12), (.vsftpd, .only13),
  ]

  static let signing: [(ServerSoftware, ServerOptions.Versions)] = [(.proFTPD, .any), (.vsftpd, .only12)]

  private func start(
    _ software: ServerSoftware, _ versions: ServerOptions.Versions, mode: ServerOptions.Mode = .explicit
  ) async throws -> RealServer {
    var options = ServerOptions(mode: mode, versions: versions)
    options.requiresClientCertificate = true
    let server = try await RealServer.start(software, options)
    try FileTree.write("there\n".utf8, to: server.root.appending("there.txt"))
    try await server.adopt()
    return server
  }

  /// The fingerprint of one that is kept, as `show --json` tells it.
  private func fingerprint(_ name: String, _ ferry: CommandFerry) async throws -> String {
    let shown = try await ferry.program(["identity", "show", name, "--json"]).runSuccessfully().outputText
    let start = try #require(shown.firstRange(of: "\"sha256\":\"")).upperBound
    return String(shown[start...].prefix { $0 != "\"" })
  }

  @Test(arguments: servers)
  func `is not trusted at first, which is explained, and lets in once the server trusts it`(
    _ software: ServerSoftware, _ versions: ServerOptions.Versions
  ) async throws {
    let server = try await start(software, versions)
    let ferry = try CommandFerry()
    let list = ["ls", server.address] + (try ferry.login(server.password))
    let none = try await ferry.run(list)
    #expect(none.exitStatus == 5, "\(none)")
    #expect(none.errorText.contains("The server wants a client certificate, and none is set"), "\(none)")
    if software == .proFTPD { #expect(none.errorText.contains("it accepts those signed by "), "\(none)") }

    try await ferry.program(["identity", "create", "work", "--no-passphrase", "--cn", "Ada"]).runSuccessfully()
    let mark = try await fingerprint("work", ferry)
    let refused = try await ferry.run(list + ["--identity", "work"])
    #expect(refused.exitStatus == 5, "\(refused)")
    for part in ["has seen your certificate but does not trust it yet", mark, "ferry identity export work"] {
      #expect(refused.errorText.contains(part), "\(part)\n\(refused)\n\(server.log.suffix(2000))")
    }
    let waiting = "Awaits trust on 127.0.0.1:\(server.port)"
    #expect(try await ferry.run(["identity", "show", "work"]).outputText.contains(waiting))

    let pem = try await ferry.program(["identity", "export", "work"]).runSuccessfully().outputText
    try await server.trustClients(pem)
    let listed = try await ferry.run(list + ["--identity", "work"])
    #expect(listed.outputText == "there.txt\n", "\(listed)\n\(server.log.suffix(2000))")
    #expect(try await !ferry.run(["identity", "show", "work"]).outputText.contains("Awaits trust"))
    // The certificate opens data connections in both directions, too.
    try await ferry.program(
      ["put", ferry.home.write("up\n", to: "up.txt").string, server.address, "--identity", "work"]
        + (try ferry.login(server.password))
    ).runSuccessfully()
    #expect(try FileTree.text(server.root.appending("up.txt")) == "up\n")
    await server.stop()
  }

  @Test(arguments: [ServerSoftware.proFTPD, .vsftpd])
  func `is explained in implicit TLS too`(_ software: ServerSoftware) async throws {
    let server = try await start(software, .any, mode: .implicit)
    let ferry = try CommandFerry()
    let list = ["ls", server.address] + (try ferry.login(server.password))
    let none = try await ferry.run(list)
    #expect(none.errorText.contains("The server wants a client certificate, and none is set"), "\(none)")
    try await ferry.program(["identity", "create", "work", "--no-passphrase"]).runSuccessfully()
    let refused = try await ferry.run(list + ["--identity", "work"])
    #expect(refused.errorText.contains("has seen your certificate but does not trust it yet"), "\(refused)")
    await server.stop()
  }

  @Test(arguments: ServerSoftware.allCases)
  func `is missing, then a stranger's, then one that every server knows`(_ software: ServerSoftware) async throws {
    let server = try await start(software, .any)
    let ferry = try CommandFerry()
    let list = ["ls", server.address] + (try ferry.login(server.password))
    let none = try await ferry.run(list)
    #expect(none.errorText.contains("The server wants a client certificate, and none is set"), "\(none)")
    for (name, client) in [("stranger", TestCertificates.Client.stranger), ("known", .known)] {
      let secret = try ferry.home.write("a passphrase\n", to: "secret").string
      try await ferry.program(
        ["identity", "import", name, client.both.string, "--passphrase-file", secret]
      ).runSuccessfully()
      let result = try await ferry.run(list + ["--identity", name, "--passphrase-file", secret])
      if client == .known {
        #expect(result.outputText == "there.txt\n", "\(result)\n\(server.log.suffix(2000))")
      } else {
        #expect(result.exitStatus == 5, "\(result)")
        #expect(result.errorText.contains("has seen your certificate but does not trust it yet"), "\(result)")
      }
    }
    await server.stop()
  }

  enum Signer: Sendable, CaseIterable { case ferry, openssl }

  @Test(arguments: Signer.allCases, signing)
  func `is signed by the server's side, installed, and lets in with nothing else to be told`(
    _ signer: Signer, _ kind: (ServerSoftware, ServerOptions.Versions)
  ) async throws {
    let server = try await start(kind.0, kind.1)
    let (ferry, office) = (try CommandFerry(), try CommandFerry())
    try await office.program(["authority", "create", "--no-passphrase", "--cn", "The office"]).runSuccessfully()
    let authority = try await office.program(["authority", "export"]).runSuccessfully().outputText
    try await server.trustClients(authority)
    let secret = try ferry.home.write("correct horse battery\n", to: "passphrase").string
    let unlock = ["--passphrase-file", secret]
    try await ferry.program(["identity", "create", "signed", "--cn", "Ada"] + unlock).runSuccessfully()
    let list = ["ls", server.address, "--identity", "signed"] + unlock + (try ferry.login(server.password))
    let refused = try await ferry.run(list)
    #expect(refused.errorText.contains("does not trust it yet"), "\(refused)")
    let selfSigned = try await fingerprint("signed", ferry)

    let request = ferry.home.appending("work.csr").string
    let answer = ferry.home.appending("work.crt").string
    try await ferry.program(["identity", "request", "signed", "--out", request]).runSuccessfully()
    switch signer {
    case .ferry:
      let signed = try await office.program(
        ["authority", "sign", request, "--days", "30", "--out", answer, "--yes"]
      ).runSuccessfully()
      for part in ["Subject      CN=Ada", "ECDSA P-256", "SHA256:", "right: whoever made it holds the key"] {
        #expect(signed.errorText.contains(part), "\(part)\n\(signed)")
      }
      let register = try await office.program(["authority", "list"]).runSuccessfully().outputText
      #expect(register.contains("CN=Ada"))
    case .openssl:
      let files = office.home.appending("authorities/main")
      try await Program(
        "openssl",
        [
          "x509", "-req", "-in", request, "-CA", files.appending("certificate.pem").string, "-CAkey",
          files.appending("key.pem").string, "-CAcreateserial", "-CAserial", ferry.home.appending("serial").string,
          "-days", "30", "-out", answer,
        ]
      ).runSuccessfully()
    }
    let installed = try await ferry.program(["identity", "install", "signed", answer]).runSuccessfully()
    for part in ["signed by The office", "Replaced"] { #expect(installed.outputText.contains(part), "\(installed)") }
    let listed = try await ferry.run(list)
    #expect(listed.outputText == "there.txt\n", "\(listed)\n\(server.log.suffix(2000))")
    // The new one was used: the self-signed one is gone.
    let shown = try await ferry.run(["identity", "show", "signed"]).outputText
    #expect(!shown.contains("Replaced") && shown.contains("signed by The office"))
    #expect(try await fingerprint("signed", ferry) != selfSigned)
    #expect(!FileTree.exists(ferry.home.appending("identities/signed/previous.pem")))
    await server.stop()
  }

  /// Keeps a self-signed certificate that the openssl command has dated, as `2020-01-01`.
  private func keep(_ name: String, from: String, until: String, _ ferry: CommandFerry) async throws {
    let folder = try TemporaryFolder()
    let configuration = try folder.write(
      """
      [ca]
      default_ca = own
      [own]
      database = \(folder.write("", to: "index.txt"))
      serial = \(folder.write("01\n", to: "serial"))
      new_certs_dir = \(folder.path)
      default_md = sha256
      policy = any
      x509_extensions = usage
      [any]
      commonName = supplied
      [usage]
      extendedKeyUsage = clientAuth
      """, to: "ca.conf")
    let (key, request) = (folder.appending("key.pem"), folder.appending("request.pem"))
    let certificate = folder.appending("certificate.pem")
    try await Program(
      "openssl",
      [
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", key.string, "-out",
        request.string, "-subj", "/CN=ada",
      ]
    ).runSuccessfully()
    func date(_ day: String) -> String { day.filter { $0 != "-" } + "000000Z" }
    try await Program(
      "openssl",
      [
        "ca", "-batch", "-config", configuration.string, "-selfsign", "-keyfile", key.string, "-in", request.string,
        "-out", certificate.string, "-notext", "-startdate", date(from), "-enddate", date(until),
      ]
    ).runSuccessfully()
    let target = ferry.home.appending("identities/\(name)")
    try FileTree.makeFolders(target)
    for (file, name) in [(key, "key.pem"), (certificate, "certificate.pem")] {
      try FileTree.write(FileTree.read(file), to: target.appending(name))
      try FileTree.setPermissions(.ownerReadWrite, of: target.appending(name))
    }
  }

  @Test func `that is out of date is not shown to a server that wants one, and the reason names the day`() async throws
  {
    let server = try await start(.vsftpd, .any)
    let ferry = try CommandFerry()
    try await keep("old", from: "2020-01-01", until: "2020-02-01", ferry)
    try await keep("early", from: "2199-01-01", until: "2199-02-01", ferry)
    let list = ["ls", server.address] + (try ferry.login(server.password))
    for (name, sentence, day) in [
      ("old", "The certificate expired on 2020-02-01", "2020-02-01"),
      ("early", "The certificate is valid only from 2199-01-01", "2199-01-01"),
    ] {
      let result = try await ferry.run(list + ["--identity", name])
      #expect(result.exitStatus == 5 && result.errorText.contains(sentence), "\(result)")
      let terminal = try await TerminalDriver(
        [ferry.binary, ferry.home.path.string, server.address, "--identity", name]
          + (try ferry.login(server.password)),
        environment: ["FERRY_HOME": ferry.home.path.string], in: ferry.home.path)
      try await terminal.wait(for: day)
      try await terminal.press("F10")
      #expect(try await terminal.waitForExit() == .exited(0))
      await terminal.close()
    }
    // The server has heard of none of it.
    #expect(!server.log.contains("FTP command"), "\(server.log)")
    await server.stop()
  }

  @Test func `that cannot be shown is refused in one sentence before anything is sent`() async throws {
    let ferry = try CommandFerry()
    let folder = try TemporaryFolder()
    // Nobody listens there: what is said first is about the certificate.
    let list = ["ls", "ftpes://ada@127.0.0.1:1", "--trust", "known"]
    func create(_ name: String, _ extensions: String) async throws {
      let (key, certificate) = (folder.appending("\(name).key").string, folder.appending("\(name).pem").string)
      try await Program(
        "openssl",
        [
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", key, "-out",
          certificate, "-subj", "/CN=\(name)", "-addext", "extendedKeyUsage=\(extensions)",
        ]
      ).runSuccessfully()
      let target = ferry.home.appending("identities/\(name)")
      try FileTree.makeFolders(target)
      try FileTree.write(FileTree.read(FilePath(key)), to: target.appending("key.pem"))
      try FileTree.write(FileTree.read(FilePath(certificate)), to: target.appending("certificate.pem"))
      for file in ["key.pem", "certificate.pem"] {
        try FileTree.setPermissions(.ownerReadWrite, of: target.appending(file))
      }
    }
    try await create("web", "serverAuth")
    try await create("good", "clientAuth")
    let cases = [
      ("web", "made for other purposes (TLS Web Server Authentication), not for clients"),
      ("none", "There is no client certificate named none"), ("../x", "cannot be used"),
    ]
    for (name, sentence) in cases {
      let result = try await ferry.run(list + ["--identity", name])
      #expect(result.errorText.contains(sentence), "\(result)")
      #expect(!result.errorText.contains("No connection to"), "\(result)")
    }
    let key = ferry.home.appending("identities/good/key.pem")
    try FileTree.setPermissions([.ownerReadWrite, .groupRead], of: key)
    let open = try await ferry.run(list + ["--identity", "good"])
    #expect(open.errorText.contains("Other users can read or write") && open.errorText.contains("chmod 600"))
    try FileTree.write(FileTree.read(folder.appending("web.key")), to: key)
    try FileTree.setPermissions(.ownerReadWrite, of: key)
    let foreign = try await ferry.run(list + ["--identity", "good"])
    #expect(foreign.errorText.contains("The certificate does not belong to the private key"), "\(foreign)")
  }
}
