/// Base 64 (RFC 4648) with padding.
enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group: UInt32 = 0
    var count = 0
    for byte in bytes {
      group = group << 8 | UInt32(byte)
      count += 1
      if count == 3 {
        for shift in [18, 12, 6, 0] as [UInt32] { result.append(digits[Int(group >> shift & 63)]) }
        (group, count) = (0, 0)
      }
    }
    switch count {
    case 1: result += [digits[Int(group >> 2)], digits[Int(group << 4 & 63)], 0x3d, 0x3d]
    case 2: result += [digits[Int(group >> 10)], digits[Int(group >> 4 & 63)], digits[Int(group << 2 & 63)], 0x3d]
    default: break
    }
    return result
  }
}
