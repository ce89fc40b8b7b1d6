import Storage

extension AppState {
  /// A certificate that was never seen: a person can judge it. The first button refuses it, and only that one has a
  /// letter: the dialog opens by itself, perhaps while somebody types.
  mutating func openCertificate(_ question: CertificateQuestion) {
    if let previous = question.previous { return openChangedCertificate(question, previous) }
    let sheet = question.certificate
    // What a person compares comes first: on a small screen the rest is scrolled to.
    var body: [FormLine] = [
      .text("This server's certificate is not known yet. Compare its fingerprint with one that you trust."), .blank,
      .pair("Server", "\(question.host), port \(question.port)"),
      .fingerprint("SHA-256", sheet.sha256),
    ]
    body += question.problems.enumerated().map { .pair($0.offset == 0 ? "Not trusted" : "", $0.element, .warning) }
    body += [.blank] + facts(of: sheet) + [.pair("Session", "\(question.mode), \(question.session)", .text)]
    let form = Form(
      "Unknown certificate", body: body,
      buttons: [FormButton("Reject", "r"), FormButton("This time"), FormButton("Always")], width: 72)
    layers.append(.dialog(Dialog(.certificate(question), form)))
  }

  mutating func answeredCertificate(_ question: CertificateQuestion, _ result: Form.Result) -> [Effect] {
    let answer: TrustDesk.Answer =
      switch result {
      case .pressed(1): .once
      case .pressed(2): .always(.certificate)
      default: .reject
      }
    return [.answerCertificate(question.id, answer)]
  }

  func facts(of sheet: CertificateQuestion.Sheet) -> [FormLine] {
    [
      .pair("Subject", sheet.subject),
      .pair("Issuer", sheet.issuer == sheet.subject ? "itself (self-signed)" : sheet.issuer, .text),
      .pair("Names", sheet.names.isEmpty ? "none" : sheet.names.joined(separator: ", "), .text),
      .pair("Valid", validity(of: sheet), isValid(sheet) ? .text : .warning),
      .pair("Key", sheet.key, .text),
    ]
  }

  func validity(of sheet: CertificateQuestion.Sheet) -> String {
    let span = "\(DateText.day(sheet.notBefore)) to \(DateText.day(sheet.notAfter))"
    if date < sheet.notBefore { return "\(span), not valid yet" }
    if date > sheet.notAfter { return "\(span), expired" }
    return "\(span), \(Count.of(Int((sheet.notAfter - date) / 86_400), "day", "days")) left"
  }

  private func isValid(_ sheet: CertificateQuestion.Sheet) -> Bool { (sheet.notBefore...sheet.notAfter).contains(date) }
}
