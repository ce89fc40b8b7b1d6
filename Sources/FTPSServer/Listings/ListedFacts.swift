/// What MLSD and MLST tell of each entry (RFC 3659 section 7.5).
struct ListedFacts: OptionSet, Hashable, Sendable {
  let rawValue: Int

  static let type = ListedFacts(rawValue: 1)
  static let size = ListedFacts(rawValue: 2)
  static let modify = ListedFacts(rawValue: 4)
  static let perm = ListedFacts(rawValue: 8)
  static let unique = ListedFacts(rawValue: 16)
  static let unixMode = ListedFacts(rawValue: 32)
  static let all: ListedFacts = [.type, .size, .modify, .perm, .unique, .unixMode]

  /// In the order in which they are sent.
  private static let names: [(ListedFacts, String)] = [
    (.type, "type"), (.size, "size"), (.modify, "modify"), (.perm, "perm"), (.unique, "unique"),
    (.unixMode, "UNIX.mode"),
  ]

  init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// Those of "type;size;…" that are known, in any case (RFC 3659 section 7.9).
  init(list: [UInt8]) {
    var facts: ListedFacts = []
    for name in list.split(separator: UInt8(ascii: ";")) {
      let name = String(decoding: name, as: UTF8.self).lowercased()
      if let (fact, _) = Self.names.first(where: { $0.1.lowercased() == name }) { facts.insert(fact) }
    }
    self = facts
  }

  /// "type*;size*;modify;": all there are, the chosen ones starred.
  var features: String {
    Self.names.map { $1 + (contains($0) ? "*;" : ";") }.joined()
  }

  /// "type;size;": the chosen ones.
  var description: String {
    Self.names.filter { contains($0.0) }.map { $1 + ";" }.joined()
  }
}
