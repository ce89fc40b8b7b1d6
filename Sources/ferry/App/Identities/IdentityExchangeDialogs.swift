import FTP

/// The dialogs by which client certificates go out to others, and come in from other programs.
extension AppState {
  mutating func openExport(_ row: IdentityRow, _ part: IdentityPart) {
    guard row.problem == nil else { return tell(row.name, row.problem ?? "") }
    let form = Form(
      "Give away \(row.name)", body: [Self.exportLine(part)],
      fields: [
        FormField("What", options: IdentityPart.allCases.map(\.title), selected: part.rawValue),
        FormField("To", options: ["the clipboard", "a file"]),
        FormField("File", text: Self.exportFile(row.name, part)),
        FormField(secret: "Passphrase", hint: "for PKCS#12: encrypts the file"),
        FormField(secret: "Once more"),
      ],
      buttons: [FormButton("Export", "e"), FormButton("Cancel", "c")], width: 64)
    layers.append(.dialog(Dialog(.exportIdentity(row.name), form)))
  }

  fileprivate static func exportFile(_ name: String, _ part: IdentityPart) -> String { "~/\(name).\(part.suffix)" }

  fileprivate static func exportLine(_ part: IdentityPart) -> FormLine {
    switch part {
    case .certificate, .der: .text("Everybody may see the certificate: it goes to whoever runs the server.")
    case .request: .text("The request goes to whoever signs certificates; the answer is installed with i.")
    case .pkcs12: .text("The private key is in it, for another program of yours: whoever opens it can use it.")
    }
  }

  mutating func answeredExport(_ dialog: Dialog, _ result: Form.Result, _ name: String) -> [Effect] {
    guard result == .pressed(0), let part = IdentityPart(rawValue: dialog.form.choice(0)) else { return [] }
    let isFile = dialog.form.choice(1) == 1
    if part.isBinary, !isFile {
      reopen(dialog, "That form is no text: it goes to a file.", focus: 1)
      return []
    }
    if isFile, dialog.form.text(2).isEmpty {
      reopen(dialog, "Type the name of a file.", focus: 2)
      return []
    }
    guard part == .pkcs12 else {
      return [.identity(.export(name, part, path: isFile ? dialog.form.text(2) : nil))]
    }
    let passphrase = dialog.form.secret(3)
    if passphrase == nil || passphrase != dialog.form.secret(4) {
      reopen(
        dialog,
        passphrase == nil ? "The private key is in it: give the file a passphrase." : "The two passphrases differ.",
        focus: passphrase == nil ? 3 : 4)
      return []
    }
    return [.identity(.export(name, part, path: dialog.form.text(2), passphrase.map(SecretBox.init)))]
  }

  // MARK: Coming in

  mutating func openIntake() {
    let form = Form(
      "Take over a certificate",
      body: [
        .text("From a file of another program: PKCS#12, or PEM or DER, with its private key in it or in a second file.")
      ],
      fields: [
        FormField("Name", hint: "as you call it, such as work"), FormField("File", hint: "~/work.p12"),
        FormField("Key's file", hint: "where the key is not in the first one"),
        FormField(secret: "Passphrase", hint: "for a key that has none so far"),
        FormField(secret: "Once more"),
        FormField("Without one", options: ["a key is refused", "it is kept as it is"]),
      ],
      buttons: [FormButton("Take over", "t"), FormButton("Cancel", "c")], width: 64)
    layers.append(.dialog(Dialog(.takeIdentity, form)))
  }

  mutating func answeredIntake(_ dialog: Dialog, _ result: Form.Result) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    let name = dialog.form.text(0)
    if let problem = NewIdentity.problem(with: name) {
      reopen(dialog, problem, focus: 0)
      return []
    }
    if identities.contains(where: { $0.name == name }) {
      reopen(dialog, "Something named \(name) exists already. Choose another name.", focus: 0)
      return []
    }
    let paths = [dialog.form.text(1), dialog.form.text(2)].filter { !$0.isEmpty }
    if paths.isEmpty {
      reopen(dialog, "Type the name of the file.", focus: 1)
      return []
    }
    let passphrase = dialog.form.secret(3)
    if passphrase != dialog.form.secret(4) {
      reopen(dialog, "The two passphrases differ.", focus: 4)
      return []
    }
    let mayStayOpen = dialog.form.choice(5) == 1
    return [
      .identity(
        .take(
          IdentityIntake(
            name: name, paths: paths, passphrase: passphrase.map(SecretBox.init), mayStayOpen: mayStayOpen)))
    ]
  }
}

extension Dialog {
  /// Another part is to be exported: what is said of it, where it can go, and how its file is called.
  mutating func notePart(from old: Dialog) {
    guard case .exportIdentity(let name) = purpose, form.choice(0) != old.form.choice(0),
      let part = IdentityPart(rawValue: form.choice(0)), let before = IdentityPart(rawValue: old.form.choice(0))
    else { return }
    form.body = [AppState.exportLine(part)]
    if part.isBinary { form.fields[1].choose(1) }
    if form.text(2) == AppState.exportFile(name, before) {
      form.fields[2].text = TextField(AppState.exportFile(name, part))
    }
  }
}
