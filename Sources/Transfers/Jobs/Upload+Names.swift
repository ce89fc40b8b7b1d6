import FTP
import FTPSClient

/// How an upload comes to its name.
extension Upload {
  // MARK: Under a temporary name

  func store(as target: RemotePath, replacing: Bool) async throws -> JobOutcome {
    guard let proof = try await bring() else { return try await storeInstead(target) }
    return try await rename(to: target, replacing: replacing, proof)
  }

  func storeUnderFreeName() async throws -> JobOutcome {
    var brought: Proof?
    for number in 2...9_999 {
      let path = job.item.target.renamed(FreeName.numbered(job.item.target.name, number))
      guard try await session.status(of: path.remote) == nil else { continue }
      // Kept first: a process that ends after the rename finds what it made, and makes no second one.
      await job.note(.target(path))
      if brought == nil { brought = try await bring() }
      guard let brought else { return try await storeInstead(path.remote) }
      let outcome = try await rename(to: path.remote, replacing: false, brought)
      // Somebody else has taken it meanwhile.
      if case .conflict = outcome { continue }
      return outcome
    }
    throw TransferError.targetExists(job.item.target.name)
  }

  var temporary: RemotePath? { job.item.target.remote.parent?.appending(job.item.partName) }

  /// Removes what an earlier attempt may have left.
  func discardTemporary() async {
    if let temporary { try? await session.delete(temporary) }
  }

  /// Brings the file to the target's folder under its temporary name, proves it and gives it its time.
  ///
  /// - Returns: nil where the server takes no such name.
  private func bring() async throws -> Proof? {
    guard !memory.storesDirectly(server), let temporary else { return nil }
    try await expectLetGo(temporary)
    var start: Int64?
    let sent: Sent
    do {
      let beginning = try await beginning(at: temporary)
      start = beginning
      sent = try await send(to: temporary, from: beginning)
    } catch let error as FTPSError
      where job.item.hasStarted  // Where nothing was sent before, nothing is held.
      && (error.saysInUse || error.isSilence && start.map({ job.progress.bytes <= $0 }) ?? true)
    {
      memory.learnHeld(temporary, on: server)
      throw TransferError.partIsHeld(job.item.source.name)
    } catch let error as FTPSError where error.refusesTheName && (start == 0 || job.progress.bytes == 0) {
      return nil
    } catch TransferError.sourceChanged(let name) {
      await discardTemporary()
      throw TransferError.sourceChanged(name)
    }
    let proof: Proof
    do { proof = try await prove(temporary, sent) } catch {
      // What is wrong, or cannot be proved, is of no use to a later attempt.
      if error is TransferError || (error as? FTPSError)?.isPermanentRefusal == true { await discardTemporary() }
      throw error
    }
    try await setPermissions(of: temporary)
    try await setTime(of: temporary)
    return proof
  }

  /// Removes a part file that an earlier attempt could not go on with. A session of that attempt, which the server has
  /// not missed yet, may have a lock on it: vsftpd waits for such locks without a word, until the other session's time is
  /// over. A new file under the same name is free of it.
  private func expectLetGo(_ temporary: RemotePath) async throws {
    guard memory.forgetHeld(temporary, on: server) else { return }
    do {
      try await session.delete(temporary)
    } catch let error as FTPSError where error.isPermanentRefusal {
      guard try await session.status(of: temporary) != nil else { return }
      // Servers on Windows remove nothing that is open: it is asked again.
      memory.learnHeld(temporary, on: server)
      throw TransferError.partIsHeld(job.item.source.name)
    }
  }

  /// Of names that some servers take for one, one after the other gets its own, and only where that is still free: an item
  /// that was on its way at the same time may have it by now.
  private func renameInTurn(_ temporary: RemotePath, to target: RemotePath) async throws {
    guard job.item.collides else { return try await session.rename(temporary, to: target) }
    try await memory.collisions.take()
    do {
      try await JobRunner.expectOwnName(job, in: session)
      try await session.rename(temporary, to: target)
    } catch {
      await memory.collisions.pass()
      if error is TransferError { await discardTemporary() }
      throw error
    }
    await memory.collisions.pass()
  }

  /// Gives what was brought its name.
  ///
  /// A server may rename nothing, or, as some on Windows, to free names only. Then the target is written in place,
  /// unless it was to be free and is not any more.
  private func rename(to target: RemotePath, replacing: Bool, _ proof: Proof) async throws -> JobOutcome {
    guard let temporary else { return .done(proof) }
    // Most servers replace what has the name. Beside the time that a long upload has left to others, a question is nothing.
    if !replacing, size >= Self.longUpload, let question = try await question(at: target) { return question }
    if replacing, job.awaits, let there = try await session.status(of: target), let question = changedSince(there) {
      return question
    }
    do {
      try await renameInTurn(temporary, to: target)
      return .done(proof)
    } catch let error as FTPSError where error.isPermanentRefusal {
      if !replacing, let question = try await question(at: target) { return question }
      if replacing, error.refusesTheNewName,
        try await ReplacingRename(job: job, session: session).run(temporary, over: target)
      {
        return .done(proof)
      }
    }
    do {
      let outcome = try await storeInstead(target)
      // Until now it was all that there is for sure.
      await discardTemporary()
      return outcome
    } catch let error as FTPSError where error.isPermanentRefusal {
      await discardTemporary()
      throw error
    }
  }

  /// Bytes.
  private static var longUpload: Int64 { 1 << 20 }

  /// What is asked where a name is not free any more.
  private func question(at target: RemotePath) async throws -> JobOutcome? {
    guard let there = try await session.status(of: target) else { return nil }
    // Where nobody answers, nobody comes back for it.
    if !job.batch.asksConflicts, job.policy != .rename { await discardTemporary() }
    return .conflict(Conflict(source: source.facts, target: FileFacts(size: there.size, modified: there.modified)))
  }

  /// What is asked where something else stands at the target than was to be replaced.
  func changedSince(_ there: ListingEntry) -> JobOutcome? {
    guard job.awaits, let expected = job.item.expected, FileFacts(there).isOtherFile(than: expected) else { return nil }
    return .conflict(Conflict(source: source.facts, target: FileFacts(there)))
  }

  // MARK: In place

  /// On a server that takes no temporary name, or gives none up.
  private func storeInstead(_ target: RemotePath) async throws -> JobOutcome {
    let outcome = try await storeDirectly(target)
    memory.learnDirectStores(server)
    return outcome
  }

  /// - Parameter offset: what is there and is the beginning of the source; nil where it is to be replaced.
  func storeDirectly(_ target: RemotePath, extending offset: Int64? = nil) async throws -> JobOutcome {
    // From the first byte on, what has the target's name is this item's own work.
    await job.note(offset == nil ? .replacesTarget : .extendsTarget)
    let sent = try await send(to: target, from: offset ?? 0)
    let proof: Proof
    do { proof = try await prove(target, sent.digest) } catch let error as TransferError {
      // Nothing that is known to be wrong keeps the final name.
      if case .contentDiffers = error { try await session.delete(target) }
      throw error
    }
    try await setPermissions(of: target)
    try await setTime(of: target)
    return .done(proof)
  }
}

extension FTPSError {
  fileprivate var isSilence: Bool { if case .timeout = self { true } else { false } }

  /// The server refuses a file because another session, or program, has it.
  var saysInUse: Bool {
    guard case .refused(_, let reply) = self, [450, 550, 553].contains(reply.code) else { return false }
    return ["locked", "in use", "being used", "file busy"].contains { replyWords.contains($0) }
  }

  /// What the server says to a refused command, in small letters and without the path, which many servers repeat, and
  /// which may hold telling words by itself ("unlocked.txt").
  var replyWords: String {
    guard case .refused(let command, let reply) = self else { return "" }
    var text = String(decoding: Array(reply.lines.joined(separator: [0x20])), as: UTF8.self)
    let path = command.drop { $0 != " " }.dropFirst()
    let name = path.split(separator: "/").last ?? ""
    text = text.replacing(path, with: "")
    // A name of a letter or two would take away more than itself.
    if name.count > 3 { text = text.replacing(name, with: "") }
    return text.lowercased()
  }

  /// The server does not want a file of this name, or in this place: not that its disk is full (452, 552).
  fileprivate var refusesTheName: Bool {
    guard case .refused(let command, let reply) = self, reply.isPermanentFailure, reply.code != 552 else {
      return false
    }
    return command.hasPrefix("STOR")
  }

  /// The file could be renamed, but not to this name.
  fileprivate var refusesTheNewName: Bool {
    if case .refused(let command, _) = self { command.hasPrefix("RNTO") } else { false }
  }
}
