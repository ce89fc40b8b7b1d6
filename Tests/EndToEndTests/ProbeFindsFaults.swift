import Foundation
import SystemPackage
import TestSupport
import Testing

/// `ferry probe` against servers with one fault each, which no real server has at hand.
@Suite(.timeLimit(.minutes(2))) struct `A probe of a faulty server` {
  /// What a server does otherwise than others.
  struct Fault: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Answers to commands, by the command or its verb.
    var replies: [String: String] = [:]
    var listing = "type=file;size=3;modify=20240101000000; a.txt\r\n"
    var data = DataConnection.honest
    var options: [String] = []
    /// What the probe has to find: the step, its verdict, and words of what was found or advised.
    var step: String
    var verdict: String
    var words: [String]
    var status: Int32 = 0
  }

  enum DataConnection: Sendable { case honest, stranger, plaintext, cut }

  static let faults = [
    Fault(
      testDescription: "no session is resumed", step: "data", verdict: "warn", words: ["full handshake", "tickets"]),
    Fault(
      testDescription: "too many connections", replies: ["greeting": "421 too many connections"], step: "greeting",
      verdict: "fail", words: ["421 too many", "later"], status: 3),
    Fault(
      testDescription: "no FTP at all", replies: ["greeting": "SSH-2.0-OpenSSH_9"], step: "greeting", verdict: "fail",
      words: ["SSH-2.0", "Another service"], status: 3),
    Fault(
      testDescription: "AUTH is refused", replies: ["AUTH": "502 what?"], step: "tls", verdict: "fail",
      words: ["502 what?", "switch it on"], status: 3),
    Fault(
      testDescription: "plain bytes after AUTH", replies: ["AUTH": "234 go\r\n230 welcome"], step: "tls",
      verdict: "fail", words: ["tampering", "another network"], status: 3),
    Fault(
      testDescription: "the password is refused", replies: ["PASS": "530 no"], step: "login", verdict: "fail",
      words: ["530 no", "password"], status: 5),
    Fault(
      testDescription: "data may not be protected", replies: ["PROT": "536 no"], step: "protection", verdict: "fail",
      words: ["536 no", "PROT P"], status: 3),
    Fault(
      testDescription: "FEAT is unknown", replies: ["FEAT": "500 what?"], step: "features", verdict: "warn",
      words: ["none told"]),
    Fault(
      testDescription: "no passive mode", replies: ["EPSV": "502 no", "PASV": "502 no"], step: "passive",
      verdict: "fail", words: ["EPSV: 502 no", "PASV: 502 no"], status: 1),
    Fault(
      testDescription: "PASV names another host", replies: ["PASV": "227 go (10,1,2,3,4,5)"], step: "passive",
      verdict: "warn", words: ["10.1.2.3", "pasv_address"]),
    Fault(
      testDescription: "another certificate on the data connection", data: .stranger, step: "data", verdict: "fail",
      words: ["another certificate", "passive ports"], status: 1),
    Fault(
      testDescription: "no TLS on the data connection", data: .plaintext, step: "data", verdict: "fail",
      words: ["passive ports"], status: 1),
    Fault(
      testDescription: "a listing without its end", data: .cut, step: "data", verdict: "fail",
      words: ["without the TLS end mark"], status: 1),
    Fault(
      testDescription: "listings that nobody understands", listing: "what is this\r\n", step: "listing",
      verdict: "fail", words: ["only line could not be understood", "what is this"], status: 1),
    Fault(
      testDescription: "a line that nobody understands", listing: "type=file;size=3; a\r\nwhat is this\r\n",
      step: "listing", verdict: "warn", words: ["1 line not understood"]),
    Fault(
      testDescription: "REST is refused", replies: ["REST": "502 no"], step: "restart", verdict: "warn",
      words: ["REST: 502 no", "begin anew"]),
    Fault(
      testDescription: "uploads are refused", replies: ["STOR": "553 read only"], options: ["--write"],
      step: "restart", verdict: "fail", words: ["553 read only"], status: 1),
    Fault(
      testDescription: "the session is lost in the middle", replies: ["PBSZ": "close"], step: "protection",
      verdict: "fail", words: ["closed", "later"], status: 3),
  ]

  /// A server that is orderly but for its fault.
  private func server(_ fault: Fault) throws -> ScriptedServer {
    try ScriptedServer { peer in
      try peer.send((fault.replies["greeting"] ?? "220 hello") + "\r\n")
      var listener: DataListener?
      while let line = try? peer.line() {
        let verb = line.split(separator: " ").first.map(String.init) ?? ""
        if verb == "EPSV" || verb == "PASV" { listener = try DataListener() }
        let port = listener?.port ?? 0
        let usual = [
          "USER": "331 password?", "PASS": "230 in",
          "FEAT": "211-Features\r\n MLST type*;size*;modify*;\r\n UTF8\r\n211 end",
          "PWD": "257 \"/\" is here", "QUIT": "221 bye", "REST": "350 go on", "AUTH": "234 go",
          "EPSV": "229 go (|||\(port)|)", "PASV": "227 go (127,0,0,1,\(port >> 8),\(port & 255))",
          "SIZE": "550 no such file", "MDTM": "550 no such file", "DELE": "550 no such file",
          "MLST": "550 no such file",
        ]
        if ["MLSD", "LIST", "NLST"].contains(verb) {
          try list(fault, listener, peer)
          continue
        }
        let reply = fault.replies[verb] ?? usual[verb] ?? "200 ok"
        if reply == "close" { return }
        try peer.send(reply + "\r\n")
        if verb == "AUTH", reply == "234 go" { try peer.startTLS(Certificates.server) }
        if verb == "QUIT" { return }
      }
    }
  }

  private func list(_ fault: Fault, _ listener: DataListener?, _ peer: Peer) throws {
    guard let listener else { return try peer.send("425 no port\r\n") }
    try peer.send("150 here\r\n")
    let data = listener.accept()
    switch fault.data {
    case .honest, .cut: try data.startTLS(Certificates.server)
    case .stranger: try? data.startTLS(Certificates.other)
    case .plaintext: break
    }
    try? data.send(fault.listing)
    if fault.data != .cut { try? data.sendCloseNotify() }
    data.close()
    try peer.send("226 done\r\n")
  }

  @Test(arguments: faults)
  func `is told where the fault is, and what to do about it`(_ fault: Fault) async throws {
    let server = try server(fault)
    let ferry = try CommandFerry()
    let address = "ftpes://ada@127.0.0.1:\(server.port)"
    let result = try await ferry.run(
      ["probe", "--json", address] + fault.options + (try ferry.login("lovelace")))
    #expect(result.exitStatus == fault.status, "\(result)")
    let steps = try result.outputText.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    let step = try #require(steps.first { $0["step"] as? String == fault.step }, "\(result)")
    #expect(step["verdict"] as? String == fault.verdict, "\(result)")
    let text = "\(step["found"] ?? "") \(step["advice"] ?? "")"
    for words in fault.words { #expect(text.contains(words), "\(words)\n\(result)") }
    #expect(!result.outputText.contains("lovelace"))
  }

  @Test func `asks for the passphrase of a certificate only where the server wants to see it`() async throws {
    let ferry = try CommandFerry()
    let secret = try ferry.home.write("otter ladle quartz\n", to: "passphrase").string
    try await ferry.program(["identity", "create", "work", "--passphrase-file", secret]).runSuccessfully()
    func probe(_ address: String, _ password: String, _ options: [String] = []) async throws -> ProgramResult {
      try await ferry.run(["probe", "--json", address, "--identity", "work"] + options + ferry.login(password))
    }
    // Nobody is there to be asked, so that asking would end it.
    let indifferent = try await RealServer.start(.proFTPD)
    let without = try await probe(indifferent.address, indifferent.password)
    #expect(without.succeeded && without.outputText.contains("does not ask for one"), "\(without)")
    await indifferent.stop()
    let nowhere = try await probe("ftpes://ada@files.invalid", "x")
    #expect(nowhere.status == .exited(3) && !nowhere.errorText.contains("passphrase"), "\(nowhere)")

    var options = ServerOptions()
    options.requiresClientCertificate = true
    let server = try await RealServer.start(.vsftpd, options)
    let locked = try await probe(server.address, server.password)
    #expect(locked.status == .exited(5), "\(locked)")
    #expect(locked.outputText.contains("needs its passphrase"), "\(locked)")
    let refused = try await probe(server.address, server.password, ["--passphrase-file", secret])
    #expect(refused.status == .exited(5), "\(refused)")
    #expect(refused.outputText.contains("has seen your certificate but does not trust it yet"), "\(refused)")
    try await server.trustClients(try await ferry.program(["identity", "export", "work"]).runSuccessfully().outputText)
    let trusted = try await probe(server.address, server.password, ["--passphrase-file", secret])
    #expect(trusted.succeeded && trusted.outputText.contains("shown, as the server asked"), "\(trusted)")
    await server.stop()
  }
}
