/// Binary samples that are computed: a picture, a sound, and bytes without a pattern.
enum DemoMedia {
  /// A portable pixmap (PPM) of `side` by `side`.
  static func picture(side: Int, seed: Int) -> [UInt8] {
    var bytes = Array("P6\n\(side) \(side)\n255\n".utf8)
    bytes.reserveCapacity(bytes.count + side * side * 3)
    for y in 0..<side {
      for x in 0..<side {
        let wave = (x * x / 97 + y * seed * 3 + x * y / 211) & 63
        bytes.append(UInt8(y * 90 / side))
        bytes.append(UInt8(100 + y * 80 / side))
        bytes.append(UInt8(150 + wave))
      }
    }
    return bytes
  }

  /// A ship's horn, as a WAV file: mono, 8 bits, 22,050 samples a second.
  static func sound(seconds: Int) -> [UInt8] {
    let rate = 22_050
    let count = seconds * rate
    var bytes = Array("RIFF".utf8) + number(36 + count, 4) + Array("WAVEfmt ".utf8)
    bytes += number(16, 4) + number(1, 2) + number(1, 2) + number(rate, 4) + number(rate, 4) + number(1, 2)
    bytes += number(8, 2) + Array("data".utf8) + number(count, 4)
    // Two triangles, a fifth apart, three blasts of them.
    for sample in 0..<count {
      let blast = sample % (rate * 4) < rate * 3
      let low = abs((sample * 220 % (rate * 2)) - rate)
      let high = abs((sample * 330 % (rate * 2)) - rate)
      bytes.append(blast ? UInt8(64 + (low + high) * 64 / rate) : 128)
    }
    return bytes
  }

  /// `count` bytes of SplitMix64.
  static func noise(count: Int, seed: UInt64) -> [UInt8] {
    var state = seed
    return [UInt8](unsafeUninitializedCapacity: count + 8) { buffer, initialized in
      let memory = UnsafeMutableRawBufferPointer(buffer)
      for offset in stride(from: 0, to: count, by: 8) {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        memory.storeBytes(of: (value ^ (value >> 31)).littleEndian, toByteOffset: offset, as: UInt64.self)
      }
      initialized = count
    }
  }

  private static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
