import FTP

extension FileFacts {
  /// Five fields with commas between them: size; seconds, nanoseconds and precision of the time; identity. What is not
  /// known is empty.
  var journaled: String {
    let time = modified.map {
      ["\($0.seconds)", "\($0.nanoseconds)", "\($0.precision.rawValue)\($0.isUTC ? "z" : "")"]
    }
    let fields = [size.map(String.init) ?? ""] + (time ?? ["", "", ""]) + [Array((identity ?? "").utf8).hexadecimal]
    return fields.joined(separator: ",")
  }

  /// Nil for what ``journaled`` never is.
  init?(journaled text: String) {
    let fields = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 5 else { return nil }
    self.init(size: Int64(fields[0]))
    if let seconds = Int64(fields[1]), let nanoseconds = Int32(fields[2]), 0..<1_000_000_000 ~= nanoseconds,
      let precision = UInt8(fields[3].filter { $0 != "z" }).flatMap(Timestamp.Precision.init(rawValue:))
    {
      modified = Timestamp(
        seconds: seconds, nanoseconds: nanoseconds, precision: precision, isUTC: fields[3].hasSuffix("z"))
    }
    if !fields[4].isEmpty, let bytes = [UInt8](hexadecimal: fields[4]) {
      identity = String(decoding: bytes, as: UTF8.self)
    }
  }
}
