import FTP
import TLS

/// Making a client certificate, and giving its key another passphrase.
extension AppState {
  /// - Parameter connection: what to connect to with it, once it is there.
  mutating func openNewIdentity(for connection: PendingConnection? = nil) {
    let kinds = PrivateKey.Kind.choices.map(\.title)
    var form = Form(
      "New client certificate",
      body: [
        .text("A key, a certificate that vouches for itself, and a request for one that somebody else signs.", .text)
      ],
      fields: [
        FormField("Name", hint: "as you call it, such as work"),
        FormField("Common name", hint: "your name, as the server's side knows you"),
        FormField("Organization"), FormField("E-mail"), FormField("Country", hint: "two letters, such as DE"),
        FormField("Key", options: kinds), FormField("Days valid", text: "\(NewIdentity.usualDays)"),
        FormField(secret: "Passphrase", hint: "encrypts the key"), FormField(secret: "Once more"),
      ],
      buttons: [FormButton("Create", "c"), FormButton("Cancel", "n")], width: 64)
    form.body.append(Self.strengthLine(nil))
    layers.append(.dialog(Dialog(.newIdentity(connection, insists: false), form)))
  }

  mutating func answeredNewIdentity(
    _ dialog: Dialog, _ result: Form.Result, _ connection: PendingConnection?, insists: Bool
  ) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    var dialog = dialog
    let form = dialog.form
    let name = form.text(0)
    let commonName = form.text(1).isEmpty ? name : form.text(1)
    let subject = SubjectFields(
      commonName: commonName, organization: form.text(2), country: form.text(4), email: form.text(3))
    if let problem = NewIdentity.problem(with: name) {
      reopen(dialog, problem, focus: 0)
      return []
    }
    if identities.contains(where: { $0.name == name }) {
      reopen(dialog, "Something named \(name) exists already. Choose another name.", focus: 0)
      return []
    }
    do throws(TLSError) { _ = try subject.distinguishedName } catch {
      reopen(dialog, "\(error).", focus: 1)
      return []
    }
    guard let days = Int(form.text(6)), (1...NewIdentity.mostDays).contains(days) else {
      reopen(dialog, "The certificate is valid for 1 to \(NewIdentity.mostDays) days.", focus: 6)
      return []
    }
    let passphrase = form.secret(7)
    if let complaint = Self.passphraseComplaint(passphrase, form.secret(8), insists: insists) {
      if passphrase == nil { dialog.purpose = .newIdentity(connection, insists: true) }
      reopen(dialog, complaint, focus: passphrase == nil ? 7 : 8)
      return []
    }
    let plan = NewIdentity(
      name: name, kind: PrivateKey.Kind.choices[form.choice(5)], subject: subject, days: days)
    pendingConnection = connection.map { ($0, name) }.map(NamedConnection.init)
    say("Making the certificate \(name)…")
    return [.identity(.create(plan, passphrase.map(SecretBox.init)))]
  }

  mutating func openNewPassphrase(_ row: IdentityRow) {
    let form = Form(
      "Passphrase of \(row.name)",
      body: [.text("The key is encrypted anew; the present passphrase is asked for first."), Self.strengthLine(nil)],
      fields: [FormField(secret: "New passphrase"), FormField(secret: "Once more")],
      buttons: [FormButton("Change", "c"), FormButton("Cancel", "n")])
    layers.append(.dialog(Dialog(.newPassphrase(row.name, insists: false), form)))
  }

  mutating func answeredNewPassphrase(
    _ dialog: Dialog, _ result: Form.Result, _ name: String, insists: Bool
  ) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    var dialog = dialog
    let first = dialog.form.secret(0)
    if let complaint = Self.passphraseComplaint(first, dialog.form.secret(1), insists: insists) {
      if first == nil { dialog.purpose = .newPassphrase(name, insists: true) }
      reopen(dialog, complaint, focus: first == nil ? 0 : 1)
      return []
    }
    return [.identity(.setPassphrase(name, first.map(SecretBox.init)))]
  }

  /// An empty one has to be insisted on; others have to be typed twice.
  private static func passphraseComplaint(_ first: Secret?, _ second: Secret?, insists: Bool) -> String? {
    if first != second { return "The two passphrases differ." }
    if first == nil, !insists {
      return "Without a passphrase, whoever can read the file has the key. Press Enter again to insist on that."
    }
    return nil
  }

  /// How strong the passphrase is that is being typed.
  static func strengthLine(_ passphrase: Secret?) -> FormLine {
    guard let passphrase else { return .pair("Strength", "no passphrase yet", .faint) }
    let strength = PassphraseStrength(passphrase)
    return .pair("Strength", "\(strength)", strength.isWeak ? .text : .good)
  }
}

extension Dialog {
  /// Brings the line about the passphrase up to date with what is typed.
  mutating func noteStrength() {
    let field: Int
    switch purpose {
    case .newIdentity: field = 7
    case .newPassphrase: field = 0
    default: return
    }
    guard let line = form.body.firstIndex(where: { if case .pair("Strength", _, _) = $0 { true } else { false } })
    else { return }
    form.body[line] = AppState.strengthLine(form.secret(field))
  }
}

extension PrivateKey.Kind {
  /// For forms.
  fileprivate var title: String {
    switch self {
    case .ecP256: "P-256"
    case .ecP384: "P-384"
    case .ed25519: "Ed25519"
    case .rsa(let bits): "RSA \(bits)"
    }
  }
}
