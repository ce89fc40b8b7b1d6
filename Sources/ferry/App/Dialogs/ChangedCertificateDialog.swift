extension AppState {
  /// Another certificate than the one trusted before: a warning, with old and new side by side. Nothing that a habit
  /// presses accepts it: the first button rejects, and the others have no letters.
  mutating func openChangedCertificate(_ question: CertificateQuestion, _ old: CertificateQuestion.Sheet) {
    let new = question.certificate
    var body: [FormLine] = [
      .text("The certificate of \(question.host), port \(question.port) is another one than before.", .strong),
      .change("", old: "Trusted before", new: "Shown now"),
      .change("SHA-256", old: FingerprintText.grouped(old.sha256), new: FingerprintText.grouped(new.sha256)),
    ]
    let rows: [(String, String, String)] = [
      ("Subject", old.subject, new.subject), ("Issuer", old.issuer, new.issuer),
      ("Names", old.names.joined(separator: ", "), new.names.joined(separator: ", ")),
      ("Valid", validity(of: old), validity(of: new)), ("Key", old.key, new.key),
    ]
    for (label, old, new) in rows {
      body.append(old == new ? .pair(label, "\(new) (the same)", .faint) : .change(label, old: old, new: new))
    }
    body += [
      .blank,
      .text(
        "Somebody may be pretending to be this server, or its certificate was renewed. Accept the new one only if you"
          + " can check its fingerprint in another way."), .blank,
    ]
    body += question.problems.enumerated().map { .pair($0.offset == 0 ? "Now" : "", $0.element, .warning) }
    let form = Form(
      "The certificate has CHANGED", tone: .danger, body: body,
      buttons: [FormButton("Reject", "r"), FormButton("This time"), FormButton("Replace the old one")], width: 80)
    layers.append(.dialog(Dialog(.certificate(question), form)))
  }
}
