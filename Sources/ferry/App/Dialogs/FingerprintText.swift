/// Certificate fingerprints in a form that the eye can compare.
enum FingerprintText {
  /// `AB:CD:EF:01 23:…`: groups of four bytes.
  static func grouped(_ digits: String) -> String { groups(digits).joined(separator: " ") }

  /// The groups in rows of so many.
  static func rows(_ digits: String, perRow: Int) -> [String] {
    let groups = groups(digits)
    return stride(from: 0, to: groups.count, by: perRow).map { start in
      groups[start..<min(start + perRow, groups.count)].joined(separator: " ")
    }
  }

  private static func groups(_ digits: String) -> [String] {
    let bytes = digits.split(separator: ":")
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      bytes[start..<min(start + 4, bytes.count)].joined(separator: ":")
    }
  }
}
