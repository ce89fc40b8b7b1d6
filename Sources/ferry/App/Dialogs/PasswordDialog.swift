import FTP

extension AppState {
  mutating func openPassword(_ question: PasswordQuestion) {
    let server = question.server
    // Without the user, who has a line of his own.
    let address = ServerAddress(host: server.host, port: server.port, mode: server.mode)
    var body: [FormLine] = [.pair("Server", "\(address)"), .pair("User", question.server.user ?? "anonymous")]
    if let refusal = question.refusal { body.append(.text("The server refused the login: \(refusal)", .warning)) }
    let form = Form(
      "Password", body: body, fields: [FormField(secret: "Password")],
      buttons: [FormButton("Log in", "l"), FormButton("Cancel", "c")])
    layers.append(.dialog(Dialog(.password(question), form)))
  }

  mutating func answeredPassword(_ dialog: Dialog, _ result: Form.Result, _ question: PasswordQuestion) -> [Effect] {
    guard result == .pressed(0) else { return [.answerPassword(question.id, nil)] }
    return [.answerPassword(question.id, SecretBox(dialog.form.secret(0) ?? Secret(utf8: [])))]
  }
}
