/// The zone of the clock that a server's LIST shows, found out by asking for the times of some files with MDTM, which are
/// in UTC (RFC 3659 section 3).
///
/// A zone has summer and winter, so that one difference does not do for all files: it is taken for right between two files
/// that have it both, if they are not so far apart that a whole winter fits between them, and in the daytime of a file
/// that was asked for. Times elsewhere stay what they are: of a clock in no known zone, until a list is worth a question.
/// Folders cannot be asked for; theirs, which nothing is decided by, are placed a day before and after a file's, too.
package struct ListingZone: Equatable, Sendable {
  private struct Sample: Equatable {
    /// What the list showed, in seconds as if it had been UTC.
    var shown: Int64
    /// Seconds that its clock is ahead of UTC.
    var offset: Int64
  }

  /// Files that are worth asking for after one list.
  package static let together = 4
  private static let day: Int64 = 86_400
  /// Hours of the clock between which none is changed: in zones with a summer that is done between 21 and 4 o'clock.
  private static let daytime: Range<Int64> = 5..<21
  /// The winter of zones in use is longer; only Morocco's is a month, Ramadan, which may so be missed.
  private static let season = 120 * day
  /// A server is asked for no more files than that: for a day's new ones two or three, with lists that need it.
  private static let limit = 200
  /// Zones in use are whole quarters of an hour between these.
  private static let offsets: ClosedRange<Int64> = -12 * 3600...14 * 3600

  private var samples: [Sample] = []
  private var asked = 0

  package init() {}

  /// Whether something is known of it.
  package var isKnown: Bool { !samples.isEmpty }

  /// Whether it is worth to ask: not where the first answers made no sense, or one did not come.
  package var isOpen: Bool { asked < (samples.isEmpty ? Self.together * 2 : Self.limit) }

  /// Whether an entry's time is one that is placed by the zone, if that is known for it.
  package static func concerns(_ entry: ListingEntry) -> Bool { entry.modified.map(isShifted) ?? false }

  /// Files of a list that would tell more: the newest and the oldest whose time is in no known zone, and some between.
  package func candidates(in entries: [ListingEntry]) -> [ListingEntry] {
    guard isOpen else { return [] }
    let unknown = entries.filter { entry in
      guard entry.kind == .file, let shown = entry.modified, Self.isShifted(shown), entry.name.isOneLine else {
        return false
      }
      return offset(at: shown.seconds, of: entry) == nil
    }.sorted { ($0.modified?.seconds ?? 0, $0.name) < ($1.modified?.seconds ?? 0, $1.name) }
    guard unknown.count > Self.together else { return unknown }
    return (0..<Self.together).map { unknown[$0 * (unknown.count - 1) / (Self.together - 1)] }
  }

  /// Takes what the server told of a file.
  ///
  /// - Parameters:
  ///   - shown: in the list.
  ///   - told: by MDTM; nil where it told nothing.
  package mutating func learn(_ shown: Timestamp, _ told: Timestamp?) {
    asked += 1
    guard let told, told.isUTC, told.precision <= shown.precision, Self.isShifted(shown) else { return }
    let unit: Int64 = shown.precision == .minute ? 60 : 1
    let rest = told.seconds % unit
    let offset = shown.seconds - (told.seconds - (rest < 0 ? rest + unit : rest))
    guard Self.offsets ~= offset, offset % 900 == 0 else { return }
    samples.removeAll { $0.shown == shown.seconds }
    let index = samples.firstIndex { $0.shown > shown.seconds } ?? samples.count
    samples.insert(Sample(shown: shown.seconds, offset: offset), at: index)
  }

  /// Asks no more: the server leaves such questions unanswered.
  package mutating func stop() { asked = Self.limit }

  /// The entry with its time in UTC, where the zone is known for that time.
  package func applied(to entry: ListingEntry) -> ListingEntry {
    guard let shown = entry.modified, Self.isShifted(shown), let offset = offset(at: shown.seconds, of: entry) else {
      return entry
    }
    var entry = entry
    entry.modified = Timestamp(
      seconds: shown.seconds - offset, nanoseconds: shown.nanoseconds, precision: shown.precision)
    return entry
  }

  private static func isShifted(_ shown: Timestamp) -> Bool { !shown.isUTC && shown.precision < .day }

  private func offset(at shown: Int64, of entry: ListingEntry) -> Int64? {
    let next = samples.firstIndex { $0.shown >= shown } ?? samples.count
    let after = next < samples.count ? samples[next] : nil
    let before = next > 0 ? samples[next - 1] : nil
    if let after, after.shown == shown { return after.offset }
    if let before, let after, before.offset == after.offset, after.shown - before.shown <= Self.season {
      return after.offset
    }
    let near = [before, after].compactMap(\.self)
    let sure = near.filter { Self.isOneDaytime($0.shown, shown) }.map(\.offset)
    // Two that differ tell of a clock that somebody has set in between.
    if let offset = sure.first { return sure.allSatisfy { $0 == offset } ? offset : nil }
    guard entry.kind != .file, near.count == 1, abs(near[0].shown - shown) <= Self.day else { return nil }
    return near[0].offset
  }

  /// Whether no clock was changed between two times of it.
  private static func isOneDaytime(_ one: Int64, _ other: Int64) -> Bool {
    func dawn(_ shown: Int64) -> Int64? {
      let time = shown % day < 0 ? shown % day + day : shown % day
      return daytime ~= time / 3600 ? shown - time : nil
    }
    return dawn(one).map { $0 == dawn(other) } ?? false
  }
}

extension FileName {
  /// Whether a command can hold it.
  fileprivate var isOneLine: Bool { !bytes.contains(0x0A) && !bytes.contains(0x0D) }
}
