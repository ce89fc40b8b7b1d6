import FTP

/// What certificates say, in the lines of a form.
extension AppState {
  /// Longer texts are cut, and say so: a certificate may hold thousands of names.
  private static let longestText = 4000

  /// Everything about one certificate; what a person compares comes first.
  func page(of sheet: CertificateSheet) -> [FormLine] {
    fingerprint(of: sheet) + facts(of: sheet)
  }

  func fingerprint(of sheet: CertificateSheet) -> [FormLine] {
    let short: [FormLine] =
      sheet.short.isEmpty ? [] : [.pair("By phone", "\(sheet.short) (its two ends; the whole one counts)", .text)]
    return [.fingerprint("SHA-256", sheet.sha256)] + short
  }

  func facts(of sheet: CertificateSheet) -> [FormLine] {
    var lines: [FormLine] = [
      .pair("Subject", Self.limited(sheet.subject)), .pair("Issuer", issuer(of: sheet), .text),
      .pair("Names", Self.limited(sheet.names.isEmpty ? "none" : sheet.names.joined(separator: ", ")), .text),
      .pair("Valid", validity(of: sheet), isValid(sheet) ? .text : .warning),
    ]
    if !isValid(sheet) {
      lines.append(.pair("Clock here", DateText.full(Timestamp(seconds: date), zone), .text))
    }
    // That it signed itself is said of the issuer already.
    if !sheet.voucher.isEmpty, sheet.issuer != sheet.subject {
      lines.append(.pair("Vouched for", sheet.voucher, .text))
    }
    lines.append(.pair("Key", sheet.key, .text))
    for (label, text) in [
      ("Signature", sheet.signature), ("For", sheet.uses), ("Serial", sheet.serial), ("SHA-1", sheet.sha1),
    ] where !text.isEmpty {
      lines.append(.pair(label, Self.limited(text), .text))
    }
    return lines
  }

  func issuer(of sheet: CertificateSheet) -> String {
    sheet.issuer == sheet.subject ? "itself (self-signed)" : Self.limited(sheet.issuer)
  }

  func validity(of sheet: CertificateSheet) -> String {
    let span = "\(DateText.day(sheet.notBefore)) to \(DateText.day(sheet.notAfter))"
    if date < sheet.notBefore { return "\(span), not valid yet" }
    if date > sheet.notAfter { return "\(span), expired" }
    return "\(span), \(Count.of(Int((sheet.notAfter - date) / 86_400), "day", "days")) left"
  }

  func isValid(_ sheet: CertificateSheet) -> Bool { (sheet.notBefore...sheet.notAfter).contains(date) }

  static func limited(_ text: String) -> String {
    guard text.utf8.count > longestText else { return text }
    return text.prefix(longestText) + "… (\(text.count - longestText) more characters are not shown)"
  }
}
