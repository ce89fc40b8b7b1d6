import FTP

/// What the server is and can, and the settings that have one value.
extension ControlConnection {
  func sendFeatures() async {
    let lines = [
      "AUTH TLS", "AUTH SSL", "AVBL", "EPRT", "EPSV", digestFeature, "MDTM", "MFMT", "MLST \(facts.features)", "PASV",
      "PBSZ", "PROT",
      "REST STREAM",
      "SITE UTIME", "SIZE", "TVFS", "UTF8",
    ]
    await send(ServerReply(211, "Features:", lines.map { Array($0.utf8) }, "End"))
  }

  func setOption(_ request: Request) async {
    switch request.words.first {
    case "UTF8" where request.words.last != "OFF": await send(ServerReply(200, "Names are UTF-8"))
    case "HASH": await setHash(request)
    case "MLST":
      facts = ListedFacts(list: Array(request.argument.dropFirst("MLST ".utf8.count)))
      await send(ServerReply(200, "MLST OPTS \(facts.description)"))
    default: await send(ServerReply(501, "No such option"))
    }
  }

  /// Files are sent byte by byte in both types: line ends are nobody's business any more.
  func setType(_ request: Request) async {
    switch request.words.first {
    case "I", "L": await send(ServerReply(200, "Binary"))
    case "A": await send(ServerReply(200, "Text, still byte by byte"))
    default: await send(ServerReply(504, "Only types I and A"))
    }
  }

  func require(_ value: String, _ request: Request, _ complaint: String) async {
    await send(request.words == [value] ? ServerReply(200, "Good") : ServerReply(504, complaint))
  }

  func sendHelp() async {
    let verbs =
      "AUTH PBSZ PROT USER PASS FEAT OPTS SYST TYPE PWD CWD CDUP EPSV PASV EPRT PORT MLSD MLST LIST NLST RETR STOR APPE"
    let more = "REST SIZE MDTM MFMT HASH AVBL SITE MKD RMD DELE RNFR RNTO ABOR STAT NOOP QUIT"
    await send(ServerReply(214, "Commands:", [verbs, more].map { Array($0.utf8) }, "End"))
  }

  func sendStatus(_ request: Request) async {
    guard request.argument.isEmpty else {
      return await send(ServerReply(504, "STAT of a path is not offered: use MLST or MLSD"))
    }
    let protection = isDataProtected ? "Data connections are encrypted" : "No PROT P yet"
    await send(ServerReply(211, "Status:", [Array(protection.utf8)], "End"))
  }

  func setRestart(_ request: Request) async {
    guard let text = request.words.first, let offset = Int64(text), offset >= 0, request.words.count == 1 else {
      return await send(ServerReply(501, "REST needs a number of bytes"))
    }
    restart = offset
    await send(ServerReply(350, "The next transfer starts at \(offset)"))
  }
}
