/// What replies to SIZE, MDTM and the digest commands say about a file.
package enum FileReply {
  /// Bytes, from a 213 reply to SIZE in image mode. Throws `FTPError.malformedReply`, also for more than
  /// ``FileSize/largest``.
  package static func size(in reply: Reply) throws(FTPError) -> Int64 {
    guard reply.code == 213, let size = number(trimmed(reply.lines[0])).flatMap(FileSize.checked)
    else {
      throw .malformedReply(reply.summary, expected: "size")
    }
    return size
  }

  /// From a 213 reply to MDTM or MFMT; the latter repeats it as "Modify=20241119100233; name".
  /// Throws `FTPError.malformedReply`.
  package static func modified(in reply: Reply) throws(FTPError) -> Timestamp {
    var text = trimmed(reply.lines[0])
    if text.prefix(7).map(lowercased).elementsEqual("modify=".utf8) { text = text.dropFirst(7).prefix { $0 != 0x3B } }
    guard reply.code == 213, let time = Timestamp(text) else {
      throw .malformedReply(reply.summary, expected: "time, as in 20241119100233")
    }
    return time
  }

  /// The digest in a 213 reply to HASH ("SHA-256 0-49 169f…e8 name") or in a 2yz reply to XSHA256 and its like, which
  /// say it alone or among words. Throws `FTPError.malformedReply` without exactly one digest of that length, and
  /// where HASH names another algorithm.
  ///
  /// It may stand on any line: ProFTPD's mod_digest says first that it is computing.
  package static func digest(_ algorithm: HashAlgorithm, in reply: Reply) throws(FTPError) -> [UInt8] {
    if reply.isCompletion {
      for line in reply.lines {
        if let digest = digest(algorithm, in: line, isHash: reply.code == 213) { return digest }
      }
    }
    throw .malformedReply(reply.summary, expected: "\(algorithm.rawValue) digest")
  }

  private static func digest(_ algorithm: HashAlgorithm, in line: [UInt8], isHash: Bool) -> [UInt8]? {
    let words = line.split(separator: UInt8(ascii: " "))
    let stated = isHash && words.count >= 3 ? words.first.flatMap { HashAlgorithm($0) } : nil
    if let stated, stated != algorithm { return nil }
    let candidates = stated != nil ? words[2..<3] : words[...]
    return candidates.lazy.compactMap { hexadecimal($0, length: algorithm.length) }.first
  }

  private static func trimmed(_ line: [UInt8]) -> ArraySlice<UInt8> {
    let start = line.drop { $0 == UInt8(ascii: " ") }
    return start.prefix((start.lastIndex { $0 != UInt8(ascii: " ") } ?? start.startIndex - 1) - start.startIndex + 1)
  }

  private static func hexadecimal(_ word: ArraySlice<UInt8>, length: Int) -> [UInt8]? {
    let digits = word.compactMap(hexadecimalDigit)
    guard digits.count == word.count, digits.count == length * 2 else { return nil }
    return (0..<length).map { digits[$0 * 2] << 4 | digits[$0 * 2 + 1] }
  }
}
