import FTP

/// Lists whose times are in the server's own zone.
extension FTPSession {
  /// Entries that a first list keeps back until the zone is known; a longer one is shown as it comes.
  static var heldEntries: Int { 2_000 }

  /// Receives a `LIST` and hands its entries over with their times in UTC, as far as the server's zone is known.
  ///
  /// The first list of a server costs one round trip more, in which a few of its files are asked for their times; later
  /// ones only where they have times that are far from those. Where the server has no `MDTM`, times stay as they are.
  func receiveZoned(
    _ folder: RemotePath, _ onEntries: @escaping @Sendable ([ListingEntry]) -> Void,
    receive: (([ListingEntry]) -> Void) async throws -> ListingSummary
  ) async throws -> ListingSummary {
    let habits = configuration.habits
    let zone = habits.zone
    guard facts.features.mdtm, zone.isKnown || zone.isOpen else { return try await receive(onEntries) }
    var held: [ListingEntry] = []
    var isHolding = !zone.isKnown
    var unknown: [ListingEntry] = []
    let summary = try await receive { entries in
      if isHolding {
        held += entries
        guard held.count > Self.heldEntries else { return }
        isHolding = false
        unknown = held
        onEntries(held)
        held = []
      } else {
        let known = entries.map { zone.applied(to: $0) }
        if unknown.count <= Self.heldEntries { unknown += known.filter { $0.modified?.isUTC == false } }
        onEntries(known)
      }
    }
    try await ask(folder, zone.candidates(in: isHolding ? held : unknown))
    if !held.isEmpty { onEntries(held.map { habits.zone.applied(to: $0) }) }
    return summary
  }

  /// What is answered to all of it arrives together.
  private func ask(_ folder: RemotePath, _ files: [ListingEntry]) async throws {
    let pending = try files.map { try control.send(.mdtm(folder.appending($0.name))) }
    for (file, reply) in zip(files, pending) {
      let reply = try await control.finalReply(to: reply, within: configuration.timeouts.reply)
      guard let shown = file.modified else { continue }
      let told = reply.isCompletion ? try? FileReply.modified(in: reply) : nil
      configuration.habits.learnZone { $0.learn(shown, told) }
    }
  }
}
