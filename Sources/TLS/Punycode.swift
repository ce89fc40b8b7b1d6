/// The ASCII form of labels in other scripts (RFC 3492).
enum Punycode {
  private static let base = 36
  private static let tMin = 1
  private static let tMax = 26
  private static let skew = 38
  private static let damp = 700

  static func encode(_ scalars: [Unicode.Scalar]) -> String? {
    var output = scalars.filter(\.isASCII).map { UInt8($0.value) }
    let basicCount = output.count
    if basicCount > 0 { output.append(UInt8(ascii: "-")) }
    var (n, delta, bias, handled) = (128, 0, 72, basicCount)
    while handled < scalars.count {
      guard let next = scalars.lazy.map({ Int($0.value) }).filter({ $0 >= n }).min() else { return nil }
      let (step, overflow) = (next - n).multipliedReportingOverflow(by: handled + 1)
      if overflow { return nil }
      delta += step
      n = next
      for scalar in scalars {
        if scalar.value < n { delta += 1 }
        if scalar.value == n {
          appendNumber(delta, bias: bias, to: &output)
          bias = adapt(delta, count: handled + 1, isFirst: handled == basicCount)
          delta = 0
          handled += 1
        }
      }
      delta += 1
      n += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Nil for what no encoder makes.
  static func decode(_ text: some StringProtocol) -> String? {
    let bytes = Array(text.utf8)
    let split = bytes.lastIndex(of: UInt8(ascii: "-"))
    var output = split.map { bytes[..<$0].map { Unicode.Scalar($0) } } ?? []
    var rest = bytes[(split.map { $0 + 1 } ?? 0)...]
    var (n, index, bias) = (128, 0, 72)
    while !rest.isEmpty {
      let old = index
      var (weight, k) = (1, base)
      while true {
        guard let digit = rest.popFirst().flatMap(value(of:)) else { return nil }
        index += digit * weight
        let t = threshold(k, bias)
        if digit < t { break }
        weight *= base - t
        k += base
        // No label of 63 bytes comes near to this.
        if weight > 1 << 40 || index > 1 << 40 { return nil }
      }
      let count = output.count + 1
      bias = adapt(index - old, count: count, isFirst: old == 0)
      n += index / count
      index %= count
      guard n <= 0x10FFFF, let scalar = Unicode.Scalar(UInt32(n)), !scalar.isASCII else { return nil }
      output.insert(scalar, at: index)
      index += 1
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: output)
    return String(result)
  }

  private static func appendNumber(_ number: Int, bias: Int, to output: inout [UInt8]) {
    var (rest, k) = (number, base)
    while true {
      let t = threshold(k, bias)
      if rest < t { break }
      output.append(digit(t + (rest - t) % (base - t)))
      rest = (rest - t) / (base - t)
      k += base
    }
    output.append(digit(rest))
  }

  private static func threshold(_ k: Int, _ bias: Int) -> Int {
    max(tMin, min(tMax, k - bias))
  }

  private static func adapt(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / damp : delta / 2
    delta += delta / count
    var k = 0
    while delta > (base - tMin) * tMax / 2 {
      delta /= base - tMin
      k += base
    }
    return k + (base - tMin + 1) * delta / (delta + skew)
  }

  private static func digit(_ value: Int) -> UInt8 {
    value < 26 ? UInt8(ascii: "a") + UInt8(value) : UInt8(ascii: "0") + UInt8(value - 26)
  }

  private static func value(of byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a"))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 26
    default: nil
    }
  }
}
