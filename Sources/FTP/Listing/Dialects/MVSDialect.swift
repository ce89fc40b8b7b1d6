/// z/OS: data sets, and the members of a partitioned one. Sizes are in tracks and records, so none is told.
struct MVSDialect: ListingDialect {
  static let name = "MVS"
  let clock: ListingClock
  private var table = Table.unknown

  /// What the header says that follows.
  private enum Table {
    case unknown
    case datasets
    case members
    case loadModules
  }

  init(clock: ListingClock) {
    self.clock = clock
  }

  mutating func restart() {
    table = .unknown
  }

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 0 else { return .ignored }
    if readHeader(line, words) { return .ignored }
    let first = line.extracting(words[0].range)
    switch table {
    case .unknown, .datasets:
      if words.count >= 10 { return dataset(line, words, organisation: 8) }
      let unusual = unusual(line, words)
      if case .unreadable = unusual, table == .unknown { return member(line, words) }
      return unusual
    case .members where words.count == 1, .loadModules:
      return LineResult(name: first) { ListingEntry(name: $0, kind: .file) }
    case .members:
      return member(line, words)
    }
  }

  private mutating func readHeader(_ line: Span<UInt8>, _ words: Words) -> Bool {
    let first = line.extracting(words[0].range)
    if words.count > 5, first.equals("volume"), line.extracting(words[1].range).equals("unit") {
      table = .datasets
    } else if words.count > 4, first.equals("name"), line.extracting(words[1].range).equals("vv.mm") {
      table = .members
    } else if words.count > 4, first.equals("name"), line.extracting(words[1].range).equals("size") {
      table = .loadModules
    } else {
      return false
    }
    return true
  }

  /// "WYOSPT 3420 2003/05/21  1  200  FB  80  8053  PS  48-MVS.FILE": the third is a date, the ninth the organisation, or
  /// the eighth where extents and tracks have run together.
  private func dataset(_ line: Span<UInt8>, _ words: Words, organisation index: Int) -> LineResult {
    let referred = line.extracting(words[2].range)
    let date = NumericDate(referred, order: .monthFirst)
    guard date?.isYearFirst == true || referred.equals("**none**") else { return .unreadable }
    let organisation = line.extracting(words[index].range)
    guard organisation.starts(with: "p") || organisation.starts(with: "v") || organisation.starts(with: "d") else {
      return .unreadable
    }
    var moment: Timestamp?
    if let date, let year = date.year {
      moment = clock.moment(year: year, month: date.month, day: date.day, ListingTime())
    }
    return result(line, words[index + 1], organisation.starts(with: "po") ? .directory : .file, moment)
  }

  /// Migrated to tape, kept by VSAM, or the first part of longer names.
  private func unusual(_ line: Span<UInt8>, _ words: Words) -> LineResult {
    guard words.count > 1 else { return .unreadable }
    if words.count == 9 { return dataset(line, words, organisation: 7) }
    let first = line.extracting(words[0].range)
    let second = line.extracting(words[1].range)
    let last = words[words.count - 1]
    if first.equals("pseudo"), second.equals("directory"), words.count == 3 {
      return result(line, last, .directory, nil)
    }
    let isAway = words.count == 2 && (first.equals("migrated") || first.equals("migrat") || first.equals("arcive"))
    let isElsewhere = words.count == 3 && (second.equals("vsam") || second.equals("tape"))
    let isUnknown = words.count > 3 && first.equals("error") && second.equals("determining")
    return isAway || isElsewhere || isUnknown ? result(line, last, .file, nil) : .unreadable
  }

  private func result(
    _ line: Span<UInt8>, _ word: Words.Word, _ kind: ListingEntry.Kind, _ moment: Timestamp?
  ) -> LineResult {
    var name = line.extracting(word.range)
    if name.count > 2, name[0] == UInt8(ascii: "'"), name[name.count - 1] == UInt8(ascii: "'") {
      name = name.extracting(1..<(name.count - 1))
    }
    return LineResult(name: name) { ListingEntry(name: $0, kind: kind, modified: moment) }
  }

  /// "MEMBER1   01.03 2002/09/12 2002/10/11 09:37    11    11     0 KIL001"
  private func member(_ line: Span<UInt8>, _ words: Words) -> LineResult {
    guard
      words.count == 9, words[0].count <= 8,
      let created = NumericDate(line.extracting(words[2].range), order: .monthFirst),
      created.isYearFirst, let changed = NumericDate(line.extracting(words[3].range), order: .monthFirst),
      let year = changed.year, let time = ListingTime(line.extracting(words[4].range))
    else { return .unreadable }
    let moment = clock.moment(year: year, month: changed.month, day: changed.day, time)
    let owner = text(line.extracting(words[8].range))
    return LineResult(name: line.extracting(words[0].range)) {
      ListingEntry(name: $0, kind: .file, modified: moment, owner: owner)
    }
  }
}
