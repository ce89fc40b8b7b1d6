import FTP

extension AppState {
  mutating func openPassphrase(_ question: PassphraseQuestion) {
    var body: [FormLine] = [.pair("Certificate", question.name)]
    if question.wasWrong { body.append(.text("That passphrase does not open the key.", .warning)) }
    let form = Form(
      "Passphrase", body: body, fields: [FormField(secret: "Passphrase")],
      buttons: [FormButton("Open", "o"), FormButton("Cancel", "c")])
    layers.append(.dialog(Dialog(.passphrase(question), form)))
  }

  mutating func answeredPassphrase(
    _ dialog: Dialog, _ result: Form.Result, _ question: PassphraseQuestion
  ) -> [Effect] {
    guard result == .pressed(0) else { return [.answerPassphrase(question.id, nil)] }
    return [.answerPassphrase(question.id, SecretBox(dialog.form.secret(0) ?? Secret(utf8: [])))]
  }
}
