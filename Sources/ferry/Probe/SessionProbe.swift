import FTP
import FTPSClient

/// What can be found out about a server once a session is there.
struct SessionProbe {
  let session: FTPSession
  let folder: RemotePath
  let tell: @Sendable (ProbeStep) -> Void
  /// The file that is written, if any.
  let trial: RemotePath

  init(session: FTPSession, folder: RemotePath, tell: @escaping @Sendable (ProbeStep) -> Void) {
    self.session = session
    self.folder = folder
    self.tell = tell
    let name = ".ferry-probe-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    trial = folder.appending((try? FileName(name)) ?? { preconditionFailure("a plain name") }())
  }

  var features: Features { session.facts.features }

  /// - Returns: whether something has failed.
  /// - Throws: `FTPSError` where the session is lost; the step says so.
  func run(mayWrite: Bool) async throws -> Bool {
    var hasFailed = false
    tell(featureStep)
    hasFailed = try await probePassive() || hasFailed
    hasFailed = try await probeListing() || hasFailed
    if mayWrite { hasFailed = try await writeTrial() || hasFailed }
    try await probeRestart(mayWrite: mayWrite)
    if !mayWrite {
      tell(hashStep)
      tell(timeStep)
    }
    hasFailed = try await probePipelining() || hasFailed
    return hasFailed
  }

  /// Runs one step; a refusal is its failure, and the probe goes on where the session does.
  ///
  /// - Returns: whether it failed.
  func attempt(_ kind: ProbeStep.Kind, _ body: () async throws -> ProbeStep) async throws -> Bool {
    do {
      let step = try await body()
      tell(step)
      return step.verdict == .fail
    } catch let error as FTPSError {
      if error == .cancelled { throw error }
      tell(ProbeStep(kind, .fail, "\(error)", ProbeAdvice.advice(for: error, session.server)))
      if await !session.isUsable { throw error }
      return true
    }
  }

  private var featureStep: ProbeStep {
    guard !features.lines.isEmpty else {
      return ProbeStep(
        .features, .warn, "none told (FEAT): Ferry goes by what works", "An update of the server would help.")
    }
    let shown = features.lines.map { $0.split(separator: " ").first.map(String.init) ?? $0 }
    let names = shown.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let isUTF8 = features.utf8
    return ProbeStep(
      .features, isUTF8 ? .ok : .note, names.joined(separator: " ") + (isUTF8 ? "" : "; no UTF8, so names are bytes"))
  }

  // MARK: Passive mode

  private func probePassive() async throws -> Bool {
    try await attempt(.passive) {
      let extended = try await session.ask(.epsv)
      let hasExtended = (try? PassiveAddress.extendedPort(extended)) != nil
      let peer = session.peerAddress
      guard !peer.contains(":") else {
        return hasExtended
          ? ProbeStep(.passive, .ok, "EPSV")
          : ProbeStep(.passive, .fail, "EPSV: \(extended.summary)", ProbeAdvice.dataAdvice)
      }
      let plain = try await session.ask(.pasv)
      guard let address = try? PassiveAddress.port(plain) else {
        return hasExtended
          ? ProbeStep(.passive, .ok, "EPSV (PASV: \(plain.summary))")
          : ProbeStep(
            .passive, .fail, "EPSV: \(extended.summary); PASV: \(plain.summary)",
            "The server must allow passive mode: no data can be moved without it.")
      }
      let stated = address.statedHost.map(String.init).joined(separator: ".")
      let what = hasExtended ? "EPSV and PASV" : "PASV only (EPSV: \(extended.summary))"
      guard stated != peer else { return ProbeStep(.passive, .ok, what) }
      return ProbeStep(
        .passive, .warn, "\(what), but PASV names \(stated) instead of \(peer)",
        "Ferry goes to \(peer) all the same; for others the server needs its outer address (pasv_address, "
          + "MasqueradeAddress, -P).")
    }
  }

  // MARK: Listing

  private func probeListing() async throws -> Bool {
    let summary: ListingSummary
    do {
      summary = try await session.list(folder, now: .now) { _ in }
    } catch let error as FTPSError {
      if error == .cancelled { throw error }
      let isData =
        switch error {
        case .refused, .malformed: false
        default: true
        }
      tell(ProbeStep(isData ? .data : .listing, .fail, "\(error)", isData ? ProbeAdvice.dataAdvice : nil))
      if await !session.isUsable { throw error }
      return true
    }
    switch await session.dataWasResumed {
    case true?: tell(ProbeStep(.data, .ok, "encrypted, session resumed"))
    case false?:
      tell(
        ProbeStep(
          .data, .warn, "encrypted, but the server does not resume sessions: each file costs a full handshake",
          "Switch session tickets or the session cache on there."))
    case nil: tell(ProbeStep(.data, .warn, "not encrypted", "Listings and files can be read by everybody on the way."))
    }
    tell(listingStep(summary))
    return false
  }

  private func listingStep(_ summary: ListingSummary) -> ProbeStep {
    let isMachine = features.mlst != nil && summary.dialect == "MLSD"
    var found = isMachine ? "MLSD" : "LIST" + (summary.dialect.map { ", as \(SafeText.escape($0))" } ?? "")
    found += ": \(Count.of(summary.entries, "entry", "entries"))"
    if summary.unparsed > 0 {
      return ProbeStep(
        .listing, .warn, "\(found), \(Count.of(summary.unparsed, "line", "lines")) not understood",
        "Entries are missing from what Ferry shows; the log has the reply.")
    }
    if isMachine || summary.entries == 0 { return ProbeStep(.listing, .ok, found) }
    return ProbeStep(
      .listing, .note, "\(found); times without zone, and to the minute or day only",
      "A server with MLSD would tell sizes and times exactly.")
  }

  // MARK: Restart, hashes, times

  private func probeRestart(mayWrite: Bool) async throws {
    if mayWrite { return }
    _ = try await attempt(.restart) {
      let reply = try await session.ask(.rest(1))
      _ = try await session.ask(.rest(0))
      if reply.code == 350 {
        return ProbeStep(.restart, .ok, "REST is taken: downloads that broke off can go on; --write tries uploads too")
      }
      return ProbeStep(
        .restart, .warn, "REST: \(reply.summary)",
        "Transfers that break off begin anew; an update of the server may help.")
    }
  }

  var hashNames: [String] {
    features.hashes.map(\.rawValue) + features.checksums.map { "X" + $0.rawValue.filter { $0 != "-" } }.sorted()
  }

  private var hashStep: ProbeStep {
    hashNames.isEmpty
      ? ProbeStep(.hash, .note, "none offered: files are proved by their length, or read back")
      : ProbeStep(.hash, .ok, "offered: " + hashNames.joined(separator: ", "))
  }

  private var timeStep: ProbeStep {
    if features.mfmt { return ProbeStep(.fileTime, .ok, "MFMT offered: uploads keep their time; --write tries it") }
    if features.mdtm {
      return ProbeStep(.fileTime, .note, "MDTM only: uploads keep their time where it takes one; --write tries it")
    }
    return ProbeStep(.fileTime, .warn, "neither MFMT nor MDTM", "Uploads get the time of their arrival.")
  }

  // MARK: Pipelining

  private func probePipelining() async throws -> Bool {
    try await attempt(.pipelining) {
      let replies = try await session.askTogether([.noop, .pwd, .noop])
      let isInOrder = replies.count == 3 && replies.allSatisfy(\.isCompletion) && replies[1].code == 257
      return isInOrder
        ? ProbeStep(.pipelining, .ok, "three commands at once are answered in order")
        : ProbeStep(.pipelining, .note, "commands sent together are not answered in order; Ferry waits for each")
    }
  }
}
