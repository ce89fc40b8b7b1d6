import Storage
import Terminal

extension AppState {
  /// A certificate that was never seen: a person can judge it. The first button refuses it, and only that one has a
  /// letter: the dialog opens by itself, perhaps while somebody types.
  mutating func openCertificate(_ question: CertificateQuestion) {
    if !question.previous.isEmpty { return openChangedCertificate(question) }
    var form = Form(
      "Unknown certificate",
      buttons: [
        FormButton("Reject", "r"), FormButton("This connection"),
        FormButton("Always this certificate", startsRow: true),
        FormButton("Always this key"),
      ], width: 72)
    if question.issuer != nil { form.buttons.append(FormButton("Always its issuer")) }
    let pages = Self.chainPages(question)
    if pages.count > 1 { form.fields = [.stepper("Certificate", pages)] }
    form.focus = form.fields.count
    form.body = certificateBody(question, page: 0)
    layers.append(.dialog(Dialog(.certificate(question), form)))
  }

  /// The text of the page that is shown. It changes while the dialog is open.
  private func certificateBody(_ question: CertificateQuestion, page: Int) -> [FormLine] {
    // What a person compares and the reasons come first: on a small screen the rest is scrolled to.
    var body: [FormLine] = [
      .text("This server's certificate is not known yet. Compare its fingerprint with one that you trust."), .blank,
    ]
    if size.rows < 20 { body = [] }
    body.append(.pair("Server", "\(question.host), port \(question.port), \(question.mode)"))
    guard page == 0 else { return body + self.page(of: question.issuers[page - 1]) }
    body += fingerprint(of: question.certificate) + problems(question, label: "Not trusted")
    body += [.blank] + facts(of: question.certificate) + [.pair("Session", question.session, .text)]
    if let issuer = question.issuer {
      body.append(
        .pair("Its issuer", "\(issuer) is proved to have signed it, and may be trusted for this host", .text))
    }
    return body
  }

  func problems(_ question: CertificateQuestion, label: String) -> [FormLine] {
    if question.problems.isEmpty {
      return [.pair("Vouched", "An authority of this system vouches for it; you want to be asked all the same.", .good)]
    }
    return question.problems.enumerated().map { .pair($0.offset == 0 ? label : "", $0.element, .warning) }
  }

  /// The certificates of the chain, by their names.
  static func chainPages(_ question: CertificateQuestion) -> [String] {
    let sheets = [question.certificate] + question.issuers
    return sheets.enumerated().map { "\($0.offset + 1) of \(sheets.count): \($0.element.title)" }
  }

  /// Shows the page that was stepped to, from its top.
  mutating func turnPage(of dialog: inout Dialog, from old: Dialog) {
    guard let stepper = dialog.form.fields.firstIndex(where: \.isStepper),
      dialog.form.choice(stepper) != old.form.choice(stepper)
    else { return }
    let page = dialog.form.choice(stepper)
    switch dialog.purpose {
    case .certificate(let question):
      dialog.form.body =
        question.previous.isEmpty
        ? certificateBody(question, page: page) : changedCertificateBody(question, page: page)
    case .trusted(let row): dialog.form.body = trustedBody(row, page: page)
    default: return
    }
    dialog.form.scroll = 0
  }

  mutating func answeredCertificate(
    _ dialog: Dialog, _ question: CertificateQuestion, _ result: Form.Result
  ) -> [Effect] {
    let answer: TrustDesk.Answer =
      question.previous.isEmpty ? Self.answer(result) : Self.changedAnswer(dialog.form, result)
    return [.answerCertificate(question.id, answer)]
  }

  private static func answer(_ result: Form.Result) -> TrustDesk.Answer {
    switch result {
    case .pressed(1): .once
    case .pressed(2): .always(.certificate)
    case .pressed(3): .always(.key)
    case .pressed(4): .always(.issuer)
    default: .reject
    }
  }
}
