package import TLS

/// The certificates of the scripted servers, made once for the test run.
package enum Certificates {
  package static let server = make()
  package static let other = make()

  private static func make() -> TLSContext {
    do {
      let key = try PrivateKey.generate(.ecP256)
      let certificate = try SelfSignedCertificate.make(
        key: key, commonName: "localhost", names: ["localhost", "127.0.0.1"], days: 2, purpose: .server)
      return try TLSContext.server(identity: Identity(chain: [certificate], key: key))
    } catch {
      fatalError("no certificate for the tests: \(error)")
    }
  }
}

extension ScriptedServer {
  /// A server that lets the client in as any other does; then the script goes on.
  package static func standard(_ script: @escaping @Sendable (Peer) throws -> Void) throws -> ScriptedServer {
    try ScriptedServer { peer in
      try peer.secure()
      try peer.logIn()
      try script(peer)
    }
  }
}

extension Peer {
  package func secure() throws {
    try send("220 hello\r\n")
    try expect("AUTH TLS")
    try send("234 go on\r\n")
    try startTLS(Certificates.server)
  }

  /// - Parameter features: lines of FEAT.
  package func logIn(features: [String] = ["MLST type*;size*;modify*;", "SIZE", "MDTM", "REST STREAM"]) throws {
    let list = features.map { " \($0)\r\n" }.joined()
    for (command, reply) in [
      ("USER ada", "331 password?"), ("PASS lovelace", "230 in"), ("PBSZ 0", "200 ok"), ("PROT P", "200 ok"),
      ("FEAT", "211-Features\r\n\(list)211 end"),
      ("TYPE I", "200 ok"), ("PWD", "257 \"/\" is here"),
    ] {
      try expect(command)
      try send(reply + "\r\n")
    }
  }

  /// Answers EPSV.
  package func passive() throws -> DataListener {
    try expect("EPSV")
    let listener = try DataListener()
    try send("229 Extended (|||\(listener.port)|)\r\n")
    return listener
  }

  /// Answers a transfer command with a data connection that is ready.
  package func serve(_ command: String) throws -> Peer {
    let listener = try passive()
    try expect(command)
    try send("150 here\r\n")
    let data = listener.accept()
    try data.startTLS(Certificates.server)
    return data
  }
}
