import FTP

/// Prepares rows for sorting: names in the order people expect (`a2` before `a10`, capitals beside small letters)
/// without looking at a name more than once. All keys lie in one buffer and most comparisons look at two words, so that
/// 100,000 rows are sorted before anybody notices.
struct SortKeys {
  /// Folders first, then by `order.key`, ties by name.
  static func sorted(_ entries: [Entry], by order: SortOrder) -> [Int32] {
    var keys = SortKeys()
    keys.prepare(entries, order)
    return keys.sort(isReversed: order.isReversed)
  }

  private struct Item {
    /// What is compared first: the order's own key, such as a size, made so that a smaller number comes first, and the
    /// beginning of the name's key; or sixteen bytes of that.
    var high: UInt64
    var low: UInt64
    var index: Int32
    /// Folders come first, in both directions.
    var isFile: Bool
  }

  private var bytes: [UInt8] = []
  /// Where the key of each row begins in `bytes`, and where the last one ends.
  private var starts: [Int32] = [0]
  private var items: [Item] = []

  private mutating func prepare(_ entries: [Entry], _ order: SortOrder) {
    bytes.reserveCapacity(entries.count * 24)
    starts.reserveCapacity(entries.count + 1)
    items.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      let start = bytes.count
      if order.key == .extension, !entry.isFolder {
        append(Self.fileExtension(entry.name.bytes))
        bytes.append(0)
      }
      append(entry.name.bytes[...])
      starts.append(Int32(bytes.count))
      let rank = Self.rank(entry, order.key)
      items.append(
        Item(
          high: rank ?? word(at: start), low: word(at: rank == nil ? start + 8 : start), index: Int32(index),
          isFile: !entry.isFolder))
    }
  }

  /// Eight bytes of the last key, the first one the most significant; zeros where it has no more.
  private func word(at start: Int) -> UInt64 {
    var word: UInt64 = 0
    let end = min(start + 8, bytes.count)
    var index = start
    while index < end {
      word = word << 8 | UInt64(bytes[index])
      index += 1
    }
    let missing = start + 8 - max(start, end)
    return missing == 8 ? 0 : word << (8 * UInt64(missing))
  }

  /// The largest and the newest come first, as people look for those. Nil where only names count.
  private static func rank(_ entry: Entry, _ key: SortOrder.Key) -> UInt64? {
    switch key {
    case .name, .extension: nil
    case .size: UInt64.max - UInt64(max(0, entry.isFolder ? 0 : entry.size ?? 0))
    case .modified: UInt64.max - UInt64(bitPattern: (entry.modified?.seconds ?? Int64.min) ^ Int64.min)
    }
  }

  private static func fileExtension(_ name: [UInt8]) -> ArraySlice<UInt8> {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return [] }
    return name[(dot + 1)...]
  }

  /// ASCII letters in lower case; a run of digits as its length and the digits, so that it sorts by value.
  private mutating func append(_ name: ArraySlice<UInt8>) {
    var index = name.startIndex
    while index < name.endIndex {
      let byte = name[index]
      guard byte &- 0x30 < 10 else {
        bytes.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        index += 1
        continue
      }
      while index + 1 < name.endIndex, name[index] == 0x30, name[index + 1] &- 0x30 < 10 { index += 1 }
      var end = index
      while end < name.endIndex, name[end] &- 0x30 < 10 { end += 1 }
      bytes.append(0x30)
      bytes.append(UInt8(min(end - index, 255)))
      bytes.append(contentsOf: name[index..<end])
      index = end
    }
  }

  private mutating func sort(isReversed: Bool) -> [Int32] {
    bytes.withUnsafeBufferPointer { bytes in
      starts.withUnsafeBufferPointer { starts in
        items.sort { left, right in
          if left.isFile != right.isFile { return right.isFile }
          let (first, second) = isReversed ? (right, left) : (left, right)
          if first.high != second.high { return first.high < second.high }
          if first.low != second.low { return first.low < second.low }
          return Self.isBefore(first.index, second.index, bytes, starts)
        }
      }
    }
    return items.map(\.index)
  }

  /// Compares whole keys; equal ones, of names that differ in capitals only, keep their order.
  private static func isBefore(
    _ left: Int32, _ right: Int32, _ bytes: UnsafeBufferPointer<UInt8>, _ starts: UnsafeBufferPointer<Int32>
  ) -> Bool {
    var (a, b) = (Int(starts[Int(left)]), Int(starts[Int(right)]))
    let (endA, endB) = (Int(starts[Int(left) + 1]), Int(starts[Int(right) + 1]))
    while a < endA, b < endB {
      if bytes[a] != bytes[b] { return bytes[a] < bytes[b] }
      a += 1
      b += 1
    }
    if a < endA || b < endB { return b < endB }
    return left < right
  }
}
