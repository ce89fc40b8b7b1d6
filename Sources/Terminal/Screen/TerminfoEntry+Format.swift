extension TerminfoEntry {
  private static let magic16 = 0o432
  private static let magic32 = 0o1036

  /// Takes a compiled entry apart; nil if it is none.
  init?(compiled bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard let magic = reader.short(), magic == Self.magic16 || magic == Self.magic32 else { return nil }
    let wide = magic == Self.magic32
    guard let nameSize = reader.count(), let flagCount = reader.count(), let numberCount = reader.count(),
      let stringCount = reader.count(), let tableSize = reader.count(), let names = reader.take(nameSize),
      let flags = reader.take(flagCount), reader.align(), let numbers = reader.numbers(numberCount, wide: wide),
      let offsets = reader.shorts(stringCount), let table = reader.take(tableSize)
    else { return nil }
    self.names = Array(names.prefix { $0 != 0 })
    self.flags = Array(flags)
    self.numbers = numbers
    strings = offsets.map { Self.string(table, $0) }
    _ = reader.align()
    if reader.isAtEnd { return }
    guard readExtended(&reader, wide: wide) else { return nil }
  }

  private mutating func readExtended(_ reader: inout Reader, wide: Bool) -> Bool {
    guard let flagCount = reader.count(), let numberCount = reader.count(), let stringCount = reader.count(),
      reader.count() != nil, let tableSize = reader.count(), let flags = reader.take(flagCount), reader.align(),
      let numbers = reader.numbers(numberCount, wide: wide), let values = reader.shorts(stringCount),
      let names = reader.shorts(flagCount + numberCount + stringCount), let table = reader.take(tableSize)
    else { return false }
    let strings = values.map { Self.string(table, $0) }
    // The names' offsets count from the end of the values.
    let start = strings.reduce(0) { $0 + ($1.map { $0.count + 1 } ?? 0) }
    guard start <= table.count else { return false }
    let nameTable = table.dropFirst(start)
    let allNames = names.compactMap { Self.string(nameTable, $0) }
    guard allNames.count == names.count else { return false }
    extendedFlags = zip(allNames, flags).map { Extended(name: $0, value: $1) }
    extendedNumbers = zip(allNames.dropFirst(flagCount), numbers).map { Extended(name: $0, value: $1) }
    extendedStrings = zip(allNames.dropFirst(flagCount + numberCount), strings).map { Extended(name: $0, value: $1) }
    return true
  }

  private static func string(_ table: ArraySlice<UInt8>, _ offset: Int) -> [UInt8]? {
    guard offset >= 0, offset < table.count else { return nil }
    return Array(table.dropFirst(offset).prefix { $0 != 0 })
  }

  /// The entry in its compiled form, with 32-bit numbers.
  func compiled() -> [UInt8] {
    var writer = Writer()
    let (offsets, table) = Self.lay(strings)
    writer.shorts([Self.magic32, names.count + 1, flags.count, numbers.count, strings.count, table.count])
    writer.bytes += names + [0] + flags
    writer.align()
    writer.numbers(numbers)
    writer.shorts(offsets)
    writer.bytes += table
    let allNames = extendedFlags.map(\.name) + extendedNumbers.map(\.name) + extendedStrings.map(\.name)
    if allNames.isEmpty { return writer.bytes }

    writer.align()
    let (valueOffsets, values) = Self.lay(extendedStrings.map(\.value))
    let (nameOffsets, nameTable) = Self.lay(allNames)
    writer.shorts([
      extendedFlags.count, extendedNumbers.count, extendedStrings.count, extendedStrings.count + allNames.count,
      values.count + nameTable.count,
    ])
    writer.bytes += extendedFlags.map(\.value)
    writer.align()
    writer.numbers(extendedNumbers.map(\.value))
    writer.shorts(valueOffsets + nameOffsets)
    writer.bytes += values + nameTable
    return writer.bytes
  }

  private static func lay(_ strings: [[UInt8]?]) -> (offsets: [Int], table: [UInt8]) {
    var table: [UInt8] = []
    let offsets = strings.map { string -> Int in
      guard let string else { return -1 }
      defer { table += string + [0] }
      return table.count
    }
    return (offsets, table)
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    var isAtEnd: Bool { place >= bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard count >= 0, place + count <= bytes.count else { return nil }
      defer { place += count }
      return bytes[place..<(place + count)]
    }

    mutating func align() -> Bool {
      place += place & 1
      return true
    }

    mutating func short() -> Int? {
      guard let two = take(2), let low = two.first, let high = two.last else { return nil }
      return Int(Int16(bitPattern: UInt16(low) | UInt16(high) << 8))
    }

    mutating func count() -> Int? { short().flatMap { $0 >= 0 ? $0 : nil } }

    mutating func shorts(_ count: Int) -> [Int]? {
      guard place + 2 * count <= bytes.count else { return nil }
      return (0..<count).compactMap { _ in short() }
    }

    mutating func numbers(_ count: Int, wide: Bool) -> [Int32]? {
      guard wide else { return shorts(count)?.map(Int32.init) }
      guard let all = take(4 * count).map(Array.init) else { return nil }
      return (0..<count).map { index in
        let value = (0..<4).reduce(UInt32(0)) { $0 | UInt32(all[4 * index + $1]) << UInt32(8 * $1) }
        return Int32(bitPattern: value)
      }
    }
  }

  private struct Writer {
    var bytes: [UInt8] = []

    mutating func align() { if bytes.count & 1 == 1 { bytes.append(0) } }

    mutating func shorts(_ values: [Int]) {
      for value in values {
        let bits = UInt16(truncatingIfNeeded: value)
        bytes += [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
      }
    }

    mutating func numbers(_ values: [Int32]) {
      for value in values {
        let bits = UInt32(bitPattern: value)
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
      }
    }
  }
}
