extension ListingEntry {
  /// What a 250 reply to MLST says (RFC 3659 section 7.2), under the name that was asked for: the server repeats it in
  /// whatever form it likes. Throws `FTPError.malformedReply` for replies without facts.
  package init(mlst reply: Reply, name: FileName) throws(FTPError) {
    guard reply.code == 250, reply.lines.count > 2 else { throw .malformedReply(reply.summary, expected: "facts") }
    for line in reply.lines[1..<(reply.lines.count - 1)] {
      // The line starts with a blank, which some servers leave out.
      let line = line.first == 0x20 ? Array(line.dropFirst()) : line
      guard let end = Facts.end(line.span) else { continue }
      let facts = Facts(line.span.extracting(0..<end))
      guard facts.count > 0 else { continue }
      self = facts.entry(name)
      if facts.isFolderItself { kind = .directory }
      return
    }
    throw .malformedReply(reply.summary, expected: "facts")
  }
}
