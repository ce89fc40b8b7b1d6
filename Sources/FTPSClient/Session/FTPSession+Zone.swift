import FTP

/// Lists whose times are in the server's own zone.
extension FTPSession {
  /// Entries of a list that are kept back until the zone is known for their times; more are shown as they come.
  static var heldEntries: Int { 2_000 }

  /// Receives a `LIST` and hands its entries over with their times in UTC, as far as the server's zone is known.
  ///
  /// The first list of a server costs one round trip more, in which a few of its files are asked for their times; later
  /// ones only where they have times that those do not tell about. Where the server has no `MDTM`, times stay as they are.
  /// A list that has come is given whatever becomes of those questions: the session may have ended over them.
  func receiveZoned(
    _ folder: RemotePath, _ onEntries: @escaping @Sendable ([ListingEntry]) -> Void,
    receive: (([ListingEntry]) -> Void) async throws -> ListingSummary
  ) async throws -> ListingSummary {
    let habits = configuration.habits
    let zone = habits.zone
    guard facts.features.mdtm, zone.isKnown || zone.isOpen else { return try await receive(onEntries) }
    var held: [ListingEntry] = []
    var isHolding = zone.isOpen
    let summary = try await receive { entries in
      var placed = entries.map { zone.applied(to: $0) }
      if isHolding {
        held += placed.filter(ListingZone.concerns)
        placed.removeAll(where: ListingZone.concerns)
        if held.count > Self.heldEntries {
          isHolding = false
          placed += held
        }
      }
      if !placed.isEmpty { onEntries(placed) }
    }
    try await ask(folder, zone.candidates(in: held))
    if isHolding, !held.isEmpty { onEntries(held.map { habits.zone.applied(to: $0) }) }
    return summary
  }

  /// What is answered to all of it arrives together.
  ///
  /// - Throws: ``FTPSError/cancelled`` only. An answer that does not come ends the session, which would take it for that to
  ///   the next command; the server is not asked again.
  private func ask(_ folder: RemotePath, _ files: [ListingEntry]) async throws(FTPSError) {
    let habits = configuration.habits
    var unanswered = files[...]
    do throws(FTPSError) {
      let pending = try files.map { file throws(FTPSError) in try control.send(.mdtm(folder.appending(file.name))) }
      for reply in pending {
        let limit = min(configuration.timeouts.reply, configuration.timeouts.goAhead)
        let reply = try await control.finalReply(to: reply, within: limit)
        guard let shown = unanswered.removeFirst().modified else { continue }
        let told = reply.isCompletion ? try? FileReply.modified(in: reply) : nil
        habits.learnZone { $0.learn(shown, told) }
      }
    } catch .cancelled {
      throw .cancelled
    } catch .timeout {
      habits.learnZone { $0.stop() }
    } catch {
      for shown in unanswered.compactMap(\.modified) { habits.learnZone { $0.learn(shown, nil) } }
    }
  }
}
