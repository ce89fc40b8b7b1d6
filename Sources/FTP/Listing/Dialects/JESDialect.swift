/// The job queue of z/OS (`SITE FILETYPE=JES`), in both levels of its interface:
/// "ADA1  JOB01906  OUTPUT  3 Spool Files", "ADA1  JOB02041 ADA  OUTPUT A  RC=0000 5 spool files".
///
/// A job is fetched by its number, which is therefore the name.
struct JESDialect: ListingDialect {
  static let name = "JES"

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 2 else { return words.count == 0 ? .ignored : .unreadable }
    let job = line.extracting(words[1].range)
    if line.extracting(words[0].range).equals("jobname"), job.equals("jobid") { return .ignored }
    guard words[0].count <= 8, Self.isJob(job) else { return .unreadable }
    if Self.isStatus(line.extracting(words[2].range)) {
      return LineResult(name: job) { ListingEntry(name: $0, kind: .file) }
    }
    guard words.count > 3, words[2].count <= 8, Self.isStatus(line.extracting(words[3].range)) else {
      return .unreadable
    }
    let owner = text(line.extracting(words[2].range))
    return LineResult(name: job) { ListingEntry(name: $0, kind: .file, owner: owner) }
  }

  /// Eight characters: a batch job, a started task or a session, and its number.
  private static func isJob(_ word: Span<UInt8>) -> Bool {
    guard word.count == 8, let digits = word.firstIndex(where: isDigit) else { return false }
    let kind = word.extracting(0..<digits)
    guard
      kind.equals("job") || kind.equals("stc") || kind.equals("tsu") || kind.equals("j") || kind.equals("s")
        || kind.equals("t")
    else { return false }
    return number(word.extracting(digits..<8)) != nil
  }

  private static func isStatus(_ word: Span<UInt8>) -> Bool {
    word.equals("input") || word.equals("active") || word.equals("output") || word.equals("held")
      || word.equals("hold")
  }
}
