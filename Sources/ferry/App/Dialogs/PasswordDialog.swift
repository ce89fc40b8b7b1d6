import FTP

extension AppState {
  mutating func openPassword(_ question: PasswordQuestion) {
    var body: [FormLine] = [.pair("Server", question.server.host), .pair("User", question.server.user ?? "anonymous")]
    if let refusal = question.refusal { body.append(.text("The server refused the login: \(refusal)", .warning)) }
    let form = Form(
      "Password", body: body, fields: [FormField("Password", isSecret: true)],
      buttons: [FormButton("Log in", "l"), FormButton("Cancel", "c")])
    layers.append(.dialog(Dialog(.password(question), form)))
  }

  mutating func answeredPassword(_ dialog: Dialog, _ result: Form.Result, _ question: PasswordQuestion) -> [Effect] {
    var dialog = dialog
    guard result == .pressed(0), var field = dialog.form.fields[0].text else {
      return [.answerPassword(question.id, nil)]
    }
    let secret = SecretBox(Secret(utf8: field.text.utf8))
    field.wipe()
    dialog.form.fields[0].text = field
    return [.answerPassword(question.id, secret)]
  }
}
