/// Reads a listing as it comes in: in one pass, in linear time, and without making text of bytes.
///
/// MLSD says what it means. LIST does not: what it looks like is settled once, from the first lines together, and until
/// then no entry comes out. Nothing is dropped in silence: lines that are not understood are counted and the first ones
/// kept. Names are single path components always; ".", "..", blank lines and totals are left out.
package struct ListingParser: Sendable {
  package enum Format: Sendable {
    case mlsd
    case list
  }

  /// How many lines of a LIST decide what it is.
  package static let sampleSize = 32

  private let limits: ListingLimits
  private var dialect: (any ListingDialect)?
  private let candidates: [any ListingDialect]
  /// Lines that wait for the dialect to be settled.
  private var held: [[UInt8]] = []
  /// The start of a line whose end has not come.
  private var partial: [UInt8] = []
  /// Within a line that is too long already.
  private var isSkipping = false
  private var byteCount = 0
  private var entries: [ListingEntry] = []
  /// As far as the listing has come.
  package private(set) var summary = ListingSummary()

  /// `now` (UTC) is what dates without a year are resolved against.
  package init(format: Format, now: Timestamp, limits: ListingLimits = ListingLimits()) {
    self.limits = limits
    switch format {
    case .mlsd:
      dialect = MLSDDialect(needsFacts: false)
      candidates = []
      summary.dialect = MLSDDialect.name
    case .list:
      candidates = Dialects.all(clock: ListingClock(now: now))
    }
  }

  package mutating func append(_ bytes: some Collection<UInt8>) {
    let isDone: Void? = bytes.withContiguousStorageIfAvailable { append(UnsafeRawBufferPointer($0)) }
    if isDone == nil { Array(bytes).withUnsafeBytes { append($0) } }
  }

  /// The fast way in: `bytes` may end anywhere within a line.
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    let room = limits.bytes - byteCount
    let chunk = UnsafeRawBufferPointer(rebasing: bytes.prefix(max(room, 0)))
    byteCount += chunk.count
    read(chunk.bindMemory(to: UInt8.self).span)
    if chunk.count < bytes.count { summary.isTruncated = true }
  }

  /// The entries that have come out since the last call.
  package mutating func takeEntries() -> [ListingEntry] {
    defer { entries = [] }
    return entries
  }

  /// Reads what is left; `takeEntries()` once more after it. Throws `FTPError.unreadableListing` where there were lines
  /// and none was understood: an empty folder would be a lie.
  @discardableResult
  package mutating func finish() throws(FTPError) -> ListingSummary {
    if !partial.isEmpty { takePartial() }
    settleDialect()
    if !summary.showsFolder, summary.unparsed > summary.refusedNames, let first = summary.samples.first {
      throw .unreadableListing(lines: summary.unparsed, first: SafeText.excerpt(first))
    }
    return summary
  }

  // MARK: Lines

  private mutating func read(_ chunk: Span<UInt8>) {
    var start = 0
    var index = 0
    let count = chunk.count
    while index < count {
      if chunk[index] != 0x0A {
        index += 1
        continue
      }
      let end = index
      index += 1
      defer { start = index }
      if summary.isTruncated { return }
      if isSkipping {
        isSkipping = false
      } else if partial.isEmpty {
        take(chunk.extracting(start..<end))
      } else {
        hold(chunk.extracting(start..<end))
        if isSkipping { isSkipping = false } else { takePartial() }
      }
    }
    if start < count, !isSkipping { hold(chunk.extracting(start..<count)) }
  }

  /// Adds to the line that has no end yet, and gives it up where it is too long.
  private mutating func hold(_ bytes: Span<UInt8>) {
    // One byte more than the limit may be the carriage return.
    partial.append(contentsOf: copy(bytes.extracting(first: limits.lineLength + 2)))
    guard partial.count > limits.lineLength + 1 else { return }
    let line = partial
    partial = []
    report(line.span)
    isSkipping = true
  }

  private mutating func takePartial() {
    let line = partial
    partial.removeAll(keepingCapacity: true)
    take(line.span)
  }

  private mutating func take(_ line: Span<UInt8>) {
    var end = line.count
    while end > 0, line[end - 1] == 0x0D { end -= 1 }
    if end == 0 { return }
    let line = line.extracting(0..<end)
    if end > limits.lineLength {
      report(line)
    } else if dialect != nil {
      interpret(line)
    } else if !isBlank(line) {
      held.append(copy(line))
      if held.count == Self.sampleSize { settleDialect() }
    }
  }

  private mutating func interpret(_ line: Span<UInt8>) {
    switch dialect!.read(line) {
    case .entry(let entry):
      summary.showsFolder = true
      if summary.entries == limits.entries {
        summary.isTruncated = true
      } else {
        summary.entries += 1
        entries.append(entry)
      }
    case .folderItself: summary.showsFolder = true
    case .ignored: break
    case .refusedName:
      summary.refusedNames += 1
      report(line)
    case .unreadable:
      if !isBlank(line) { report(line) }
    }
  }

  private mutating func report(_ line: Span<UInt8>) {
    summary.unparsed += 1
    if summary.samples.count < ListingSummary.sampleLimit {
      summary.samples.append(copy(line.extracting(first: ListingSummary.sampleLength)))
    }
  }

  // MARK: Dialect

  /// Takes the dialect that understands most of the lines held; where none understands any, they are reported and the
  /// next lines decide.
  private mutating func settleDialect() {
    guard dialect == nil, !held.isEmpty else { return }
    let lines = held
    held = []
    var best: (score: Int, dialect: any ListingDialect)?
    for candidate in candidates {
      var candidate = candidate
      let score = lines.reduce(0) { $0 + candidate.read($1.span).score }
      if score > best?.score ?? 0 { best = (score, candidate) }
    }
    guard var found = best?.dialect else {
      for line in lines where !Dialects.isAboutNothing(line.span) { report(line.span) }
      return
    }
    found.restart()
    dialect = found
    summary.dialect = type(of: found).name
    for line in lines where !summary.isTruncated { interpret(line.span) }
  }
}
