/// One way in which servers write listings.
protocol ListingDialect: Sendable {
  static var name: String { get }

  /// Reads one line, which has no line end and is not empty.
  mutating func read(_ line: Span<UInt8>) -> LineResult

  /// Forgets where in a listing it is, and keeps what it has learnt of the listing's habits.
  mutating func restart()
}

extension ListingDialect {
  mutating func restart() {}
}

/// What became of a line.
enum LineResult {
  case entry(ListingEntry)
  /// ".", "..", or what MLSD calls so: nothing to show, and yet part of a folder.
  case folderItself
  /// Understood, and no part of a folder: a total, a header.
  case ignored
  /// An entry with a name that holds "/" or NUL.
  case refusedName
  case unreadable

  /// What the line says for the dialect.
  var score: Int {
    switch self {
    case .entry: 4
    case .folderItself, .refusedName: 2
    case .ignored: 1
    case .unreadable: 0
    }
  }

  /// An entry, unless `name` is no single component; "." and ".." are folders nobody wants to see.
  init(name: Span<UInt8>, _ make: (FileName) -> ListingEntry) {
    switch FileName.problem(with: name) {
    case nil: self = .entry(make(FileName(unchecked: copy(name))))
    case .dots: self = .folderItself
    case .empty: self = .unreadable
    case .slash, .nul: self = .refusedName
    }
  }
}

enum Dialects {
  /// Those that a LIST may be in; of equals the first wins.
  static func all(clock: ListingClock) -> [any ListingDialect] {
    [
      UnixDialect(clock: clock), DOSDialect(clock: clock), MLSDDialect(needsFacts: true), EPLFDialect(),
      NetWareDialect(clock: clock),
      VMSDialect(clock: clock), MVSDialect(clock: clock), VMDialect(clock: clock), AS400Dialect(clock: clock),
      NonStopDialect(clock: clock), SizeFirstDialect(clock: clock), NumericUnixDialect(), JESDialect(),
      ConnectEnterpriseDialect(clock: clock), OS9Dialect(clock: clock),
    ]
  }

  /// How servers say that a folder is empty, in no dialect: then there is nothing to understand.
  static func isAboutNothing(_ line: Span<UInt8>) -> Bool {
    let words = Words(of: line)
    if words.count == 2, isTotal(line, words) { return true }
    for phrase in phrases where line.contains(phrase) { return true }
    return false
  }

  /// "total 12", in any language: a word and a number, which may have a unit.
  static func isTotal(_ line: Span<UInt8>, _ words: Words) -> Bool {
    guard words.count == 2 || words.count == 3, words[0].start == 0, !isDigit(line[0]) else { return false }
    let last = line.extracting(words[words.count - 1].range)
    guard isDigit(last[0]) else { return false }
    return words.count == 2 ? ListingSize.read(last) != nil : line.starts(with: "total")
  }

  private static let phrases: [StaticString] = [
    "no files found", "no members found", "no such file", "directory is empty",
  ]
}
