import FTP
import TLS

/// A certificate in lines for people; all foreign text in them is escaped.
struct CertificateText {
  let certificate: Certificate

  init(_ certificate: Certificate) { self.certificate = certificate }

  /// One line for each fact, with its name in front.
  var lines: [String] {
    let details = certificate.details
    return [
      "Subject      \(SafeText.escape("\(details.subject)"))",
      "Issuer       \(SafeText.escape("\(details.issuer)"))",
      "Names        \(names(details.names))",
      "Valid        \(day(details.notBefore)) to \(day(details.notAfter))",
      "Key          \(SafeText.escape(details.key)), signed with \(SafeText.escape(details.signatureAlgorithm))",
    ] + fingerprintLines
  }

  /// The fingerprint in two lines of sixteen bytes, which people compare more easily.
  var fingerprintLines: [String] {
    let pairs = certificate.sha256.description.dropFirst("SHA256:".count).split(separator: ":")
    return [
      "SHA-256      " + pairs.prefix(16).joined(separator: ":"),
      "             " + pairs.dropFirst(16).joined(separator: ":"),
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
