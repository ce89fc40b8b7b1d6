import Storage
import TLS

extension AppState {
  /// What may be trusted of a changed certificate, in the order of its options.
  private static let kinds: [TrustedCertificate.Kind] = [.certificate, .key, .issuer]

  /// Another certificate than the one trusted before: a warning, with old and new side by side. Nothing that a habit
  /// presses accepts it: the first button rejects, and the others have no letters.
  mutating func openChangedCertificate(_ question: CertificateQuestion) {
    let count = question.previous.count
    var form = Form(
      "The certificate has CHANGED", tone: .danger,
      fields: [
        .stepper("Show", Self.changedPages(question)),
        FormField(
          "Trust",
          options: ["this certificate", "its key"] + (question.issuer == nil ? [] : ["its issuer for this host"])),
      ],
      buttons: [
        FormButton("Reject", "r"), FormButton("This connection"),
        FormButton(count == 1 ? "Replace the old one" : "Replace the old \(count)"), FormButton("Keep both"),
      ], width: 80)
    if count > 1 { form.buttons[3].title = "Keep all" }
    form.focus = form.fields.count
    form.body = changedCertificateBody(question, page: 0)
    layers.append(.dialog(Dialog(.certificate(question), form)))
  }

  /// First each of the old certificates beside the new one, then the new chain.
  private static func changedPages(_ question: CertificateQuestion) -> [String] {
    let count = question.previous.count
    let old = question.previous.indices.map { "old and new" + (count == 1 ? "" : " (old \($0 + 1) of \(count))") }
    let new = chainPages(question)
    return old + (new.count == 1 ? ["all of the new one"] : new.map { "new, " + $0 })
  }

  func changedCertificateBody(_ question: CertificateQuestion, page: Int) -> [FormLine] {
    let head: [FormLine] = [
      .text("The certificate of \(question.host), port \(question.port) is another one than before.", .strong)
    ]
    let isComparison = page < question.previous.count
    guard !isComparison else { return head + comparison(question, question.previous[page]) }
    let sheets = [question.certificate] + question.issuers
    return head + [.blank] + self.page(of: sheets[page - question.previous.count])
      + [.pair("Session", "\(question.mode), \(question.session)", .text)]
  }

  private func comparison(_ question: CertificateQuestion, _ old: CertificateQuestion.Previous) -> [FormLine] {
    let verdict = old.change.verdict
    var body: [FormLine] = [
      .text(verdict.title + ".", verdict.alarm == .high ? .warning : .strong), .text(verdict.description), .blank,
    ]
    body += problems(question, label: "Now")
    body += [
      .change("", old: "Trusted before", new: "Shown now"),
      .change(
        "SHA-256", old: FingerprintText.grouped(old.sheet.sha256),
        new: FingerprintText.grouped(question.certificate.sha256)),
      .change("Seen", old: "first \(DateText.day(old.firstSeen)), last \(DateText.day(old.lastSeen))", new: "now"),
    ]
    let new = question.certificate
    let same = CertificateChange.Field.allCases.filter { !old.change.differing.contains($0) }
    for field in CertificateChange.Field.allCases where old.change.differing.contains(field) {
      guard let (before, after) = texts(field, old.sheet, new) else { continue }
      body.append(.change(field.label, old: before, new: after))
    }
    let names = same.map(\.words)
    if !names.isEmpty { body.append(.pair("The same", names.joined(separator: ", "), .faint)) }
    body.append(.pair("Trusted", old.kind + (old.note.isEmpty ? "" : ": " + Self.limited(old.note)), .faint))
    return body
  }

  /// What a field says in both; nil where it has no text of its own.
  private func texts(
    _ field: CertificateChange.Field, _ old: CertificateSheet, _ new: CertificateSheet
  ) -> (String, String)? {
    switch field {
    case .subject: (Self.limited(old.subject), Self.limited(new.subject))
    case .issuer: (issuer(of: old), issuer(of: new))
    case .names: (Self.limited(old.names.joined(separator: ", ")), Self.limited(new.names.joined(separator: ", ")))
    case .validity: (validity(of: old), validity(of: new))
    case .serial: (Self.limited(old.serial), Self.limited(new.serial))
    case .key: (old.key, new.key)
    case .publicKey: ("the trusted key", "another key")
    case .signatureAlgorithm: (old.signature, new.signature)
    case .uses: (old.uses, new.uses)
    }
  }

  static func changedAnswer(_ form: Form, _ result: Form.Result) -> TrustDesk.Answer {
    let kind = kinds[form.choice(1)]
    return switch result {
    case .pressed(1): .once
    case .pressed(2): .always(kind)
    case .pressed(3): .always(kind, replacing: false)
    default: .reject
    }
  }
}

extension CertificateChange.Field {
  fileprivate var label: String {
    switch self {
    case .subject: "Subject"
    case .issuer: "Issuer"
    case .names: "Names"
    case .validity: "Valid"
    case .serial: "Serial"
    case .key: "Kind of key"
    case .publicKey: "Key"
    case .signatureAlgorithm: "Signature"
    case .uses: "For"
    }
  }
}
