import FTP

/// Prepares rows for sorting: names in the order people expect (`a2` before `a10`, capitals beside small letters)
/// without looking at a name more than once. All keys lie in one buffer, so that 100,000 of them cost no allocation
/// each.
struct SortKeys {
  /// Folders first, then by `order.key`, ties by name.
  static func sorted(_ entries: [Entry], by order: SortOrder) -> [Int32] {
    var keys = SortKeys()
    keys.prepare(entries, order)
    return keys.sort(isReversed: order.isReversed)
  }

  private struct Item {
    /// 0 for folders, 1 for the rest: the first thing compared, never reversed.
    var group: UInt8
    /// The order's own key, such as a size, made so that a smaller number comes first.
    var rank: UInt64
    /// The first eight bytes of the name's key, big endian.
    var prefix: UInt64
    var start: Int32
    var count: Int32
    var index: Int32
  }

  private var bytes: [UInt8] = []
  private var items: [Item] = []

  private mutating func prepare(_ entries: [Entry], _ order: SortOrder) {
    bytes.reserveCapacity(entries.count * 24)
    items.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      let start = bytes.count
      if order.key == .extension, !entry.isFolder {
        append(Self.fileExtension(entry.name.bytes))
        bytes.append(0)
      }
      append(entry.name.bytes[...])
      var prefix: UInt64 = 0
      for offset in 0..<8 {
        prefix = prefix << 8 | (start + offset < bytes.count ? UInt64(bytes[start + offset]) : 0)
      }
      items.append(
        Item(
          group: entry.isFolder ? 0 : 1, rank: Self.rank(entry, order.key), prefix: prefix, start: Int32(start),
          count: Int32(bytes.count - start), index: Int32(index)))
    }
  }

  /// The largest and the newest come first, as people look for those.
  private static func rank(_ entry: Entry, _ key: SortOrder.Key) -> UInt64 {
    switch key {
    case .name, .extension: 0
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
      var end = index
      while index + 1 < name.endIndex, name[index] == 0x30, name[index + 1] &- 0x30 < 10 { index += 1 }
      end = index
      while end < name.endIndex, name[end] &- 0x30 < 10 { end += 1 }
      bytes.append(0x30)
      bytes.append(UInt8(min(end - index, 255)))
      bytes.append(contentsOf: name[index..<end])
      index = end
    }
  }

  private mutating func sort(isReversed: Bool) -> [Int32] {
    bytes.withUnsafeBufferPointer { bytes in
      items.sort { left, right in
        if left.group != right.group { return left.group < right.group }
        let order = Self.compare(left, right, bytes)
        return isReversed ? order > 0 : order < 0
      }
    }
    return items.map(\.index)
  }

  /// Below, above or equal to 0; equal only for the same row.
  private static func compare(_ left: Item, _ right: Item, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    if left.rank != right.rank { return left.rank < right.rank ? -1 : 1 }
    if left.prefix != right.prefix { return left.prefix < right.prefix ? -1 : 1 }
    let count = Int(min(left.count, right.count))
    let (a, b) = (Int(left.start), Int(right.start))
    for offset in 0..<count where bytes[a + offset] != bytes[b + offset] {
      return bytes[a + offset] < bytes[b + offset] ? -1 : 1
    }
    if left.count != right.count { return left.count < right.count ? -1 : 1 }
    return left.index < right.index ? -1 : left.index == right.index ? 0 : 1
  }
}
