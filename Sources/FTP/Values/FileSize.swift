/// Sizes as servers say them.
package enum FileSize {
  /// 2^53 bytes, 8 PiB: more than any file holds, and so little that sums of some hundred sizes fit in 64 bits.
  package static let largest: Int64 = 1 << 53

  /// Nil for what is no size of a file.
  static func checked(_ bytes: Int64) -> Int64? { 0...largest ~= bytes ? bytes : nil }
}
