import FTP
import TLS

/// A certificate in lines for people; all foreign text in them is escaped.
struct CertificateText {
  let certificate: Certificate
  /// Seconds since 1970: what "days left" is counted from.
  let now: Int64

  init(_ certificate: Certificate, at now: Int64 = Timestamp.now.seconds) {
    self.certificate = certificate
    self.now = now
  }

  /// One line for each fact, with its name in front.
  var lines: [String] {
    let details = certificate.details
    let sheet = CertificateSheet(certificate)
    var lines = [
      "Subject      \(SafeText.escape(sheet.subject))",
      "Issuer       \(SafeText.escape(sheet.issuer))",
      "Names        \(names(sheet.names))",
      validityLine,
      "Serial       \(SafeText.escape(sheet.serial))",
      "Key          \(SafeText.escape(details.key)), signed with \(SafeText.escape(details.signatureAlgorithm))",
    ]
    if !sheet.uses.isEmpty { lines.append("For          \(SafeText.escape(sheet.uses))") }
    return lines + fingerprintLines + [
      "By phone     \(certificate.sha256.short)  (its first and last eight digits; the whole one counts)",
      "SHA-1        \(certificate.sha1)",
    ]
  }

  var validityLine: String {
    let details = certificate.details
    return "Valid        \(day(details.notBefore)) to \(day(details.notAfter)), \(details.validity(at: now).words)"
  }

  /// The fingerprint in two lines of sixteen bytes, in groups of four, which people compare more easily.
  var fingerprintLines: [String] {
    let groups = certificate.sha256.groups
    return [
      "SHA-256      " + groups.prefix(4).joined(separator: " "),
      "             " + groups.dropFirst(4).joined(separator: " "),
    ]
  }

  private func names(_ names: [String]) -> String {
    guard !names.isEmpty else { return "none" }
    let shown = names.prefix(8).map { SafeText.escape($0) }.joined(separator: ", ")
    return names.count > 8 ? shown + " and \(names.count - 8) more" : shown
  }

  private func day(_ seconds: Int64) -> String {
    Timestamp(seconds: seconds).dayText
  }
}

extension CertificateDetails.Validity {
  /// "321 days left", "expired 3 days ago".
  var words: String {
    switch self {
    case .notYet(0): "valid from tomorrow at the latest"
    case .notYet(let days): "valid in \(Count.of(days, "day", "days"))"
    case .valid(0): "ends within a day"
    case .valid(let days): "\(Count.of(days, "day", "days")) left"
    case .over(0): "expired today"
    case .over(let days): "expired \(Count.of(days, "day", "days")) ago"
    }
  }
}

extension Timestamp {
  /// "2026-11-21", in UTC.
  var dayText: String {
    let date = civil.date
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  }

  /// "2026-11-21 08:30", in UTC where the time zone is known.
  var minuteText: String {
    let time = civil
    return "\(dayText) \(padded(time.hour, 2)):\(padded(time.minute, 2))"
  }

  private func padded(_ number: some BinaryInteger, _ width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
