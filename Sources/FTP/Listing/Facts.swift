/// The facts of one MLSD or MLST line.
struct Facts {
  /// How many there are, known or not.
  private(set) var count = 0
  /// "cdir" or "pdir": the folder that is listed, or the one above.
  private(set) var isFolderItself = false
  private var kind: ListingEntry.Kind?
  private var size: Int64?
  private var folderSize: Int64?
  private var modified: Timestamp?
  private var permissions: UInt16?
  private var owner: Name?
  private var group: Name?
  private var unique: String?
  private var perm: String?

  /// An owner or group; a name is worth more than a number.
  private struct Name {
    var text: String
    var isNumber: Bool
  }

  /// Where the blank is that ends the facts: the first one. Only a link's target may hold blanks, though it should not:
  /// then it is the first after a ";".
  static func end(_ line: Span<UInt8>) -> Int? {
    guard let first = line.firstIndex(of: 0x20) else { return nil }
    if first == 0 || line[first - 1] == semicolon || !line.extracting(0..<first).contains("=os.unix=s") { return first }
    var index = first
    while let next = line.firstIndex(of: 0x20, from: index + 1) {
      if line[next - 1] == semicolon { return next }
      index = next
    }
    return first
  }

  init(_ facts: Span<UInt8>) {
    var start = 0
    while start < facts.count {
      let end = facts.firstIndex(of: semicolon, from: start) ?? facts.count
      if let equals = facts.firstIndex(of: UInt8(ascii: "="), from: start), start < equals, equals < end {
        count += 1
        take(facts.extracting(start..<equals), facts.extracting((equals + 1)..<end))
      }
      start = end + 1
    }
  }

  func entry(_ name: FileName) -> ListingEntry {
    let kind = kind ?? guessedKind
    return ListingEntry(
      name: name, kind: kind, size: kind == .directory ? folderSize ?? size : size, modified: modified,
      permissions: permissions, owner: owner?.text, group: group?.text, unique: unique, perm: perm)
  }

  /// Without a type, the letters that only make sense for a folder tell.
  private var guessedKind: ListingEntry.Kind {
    let letters = perm?.utf8.map(lowercased) ?? []
    return folderSize != nil || letters.contains { "celmp".utf8.contains($0) } ? .directory : .file
  }

  private mutating func take(_ name: Span<UInt8>, _ value: Span<UInt8>) {
    switch name.count {
    case 4 where name.equals("type"): takeType(value)
    case 4 where name.equals("size"): size = number(value)
    case 4 where name.equals("sizd"): folderSize = number(value)
    case 4 where name.equals("perm"): perm = text(value)
    case 6 where name.equals("modify"): modified = Timestamp(digits: value)
    case 6 where name.equals("unique"): unique = text(value)
    case 9 where name.equals("unix.mode"): permissions = Self.octal(value)
    case 10 where name.equals("unix.owner"), 14 where name.equals("unix.ownername"): Self.take(value, into: &owner)
    case 10 where name.equals("unix.group"), 14 where name.equals("unix.groupname"): Self.take(value, into: &group)
    case 8 where name.equals("unix.uid"): Self.take(value, into: &owner)
    case 8 where name.equals("unix.gid"): Self.take(value, into: &group)
    default: break
    }
  }

  private mutating func takeType(_ value: Span<UInt8>) {
    if value.equals("file") {
      kind = .file
    } else if value.equals("dir") {
      kind = .directory
    } else if value.equals("cdir") || value.equals("pdir") {
      isFolderItself = true
    } else if let colon = value.firstIndex(of: UInt8(ascii: ":")), value.starts(with: "os.unix=slink:") {
      let target = copy(value.extracting((colon + 1)..<value.count))
      kind = .symbolicLink(target: target.isEmpty ? nil : target)
    } else if value.equals("os.unix=slink") || value.equals("os.unix=symlink") || value.equals("link") {
      kind = .symbolicLink(target: nil)
    } else {
      kind = .other
    }
  }

  private static func take(_ value: Span<UInt8>, into name: inout Name?) {
    let isNumber = number(value) != nil
    if value.isEmpty || isNumber && name?.isNumber == false { return }
    name = Name(text: text(value), isNumber: isNumber)
  }

  /// "0644", "644", "100644", or "0o644" as pyftpdlib says it; nil for anything else.
  private static func octal(_ value: Span<UInt8>) -> UInt16? {
    let value = value.starts(with: "0o") ? value.extracting(2..<value.count) : value
    guard 1...7 ~= value.count else { return nil }
    var bits = 0
    for index in value.indices {
      guard value[index] &- UInt8(ascii: "0") < 8 else { return nil }
      bits = bits << 3 | Int(value[index] & 7)
    }
    return UInt16(bits & 0o7777)
  }
}

private let semicolon = UInt8(ascii: ";")
