import Terminal

/// The screen of client certificates: what its keys do.
extension AppState {
  mutating func openIdentities() -> [Effect] {
    layers.append(.identities(IdentityOverlay()))
    return [.identity(.load)]
  }

  /// The one under the cursor of the screen.
  private func chosen(_ overlay: IdentityOverlay) -> IdentityRow? {
    identities.indices.contains(overlay.cursor) ? identities[overlay.cursor] : nil
  }

  mutating func finish(_ wish: IdentityOverlay.Wish, _ overlay: IdentityOverlay) -> [Effect] {
    switch wish {
    case .stay: return []
    case .close:
      layers.removeLast()
      return []
    case .new:
      openNewIdentity()
      return []
    case .take:
      openIntake()
      return []
    default: break
    }
    guard let row = chosen(overlay) else { return [] }
    switch wish {
    case .export: openExport(row, .certificate)
    case .request: openExport(row, .request)
    case .install: openInstall(row)
    case .renew: openRenew(row)
    case .passphrase: openNewPassphrase(row)
    case .remove: openRemoveIdentity(row)
    case .takeBack: return row.isReplacing ? [.identity(.takeBack(row.name))] : []
    case .copyFingerprint:
      guard let sheet = row.sheet else { return [] }
      return [.copy("SHA256:\(sheet.sha256)", said: "The fingerprint of \(row.name) is in the clipboard.")]
    case .stay, .close, .new, .take: break
    }
    return []
  }

  /// They were read anew; the cursor stays where there is still something.
  mutating func received(_ rows: [IdentityRow]) {
    identities = rows
    guard case .identities(var overlay)? = layers.last else { return }
    let height = IdentityLayout(count: rows.count, on: size).list.height
    overlay.moveCursor(to: overlay.cursor, count: rows.count, height: height)
    layers[layers.count - 1] = .identities(overlay)
  }

  // MARK: Dialogs

  private mutating func openInstall(_ row: IdentityRow) {
    let form = Form(
      "Install a signed certificate",
      body: [
        .text(
          "The signer's answer takes the place of the certificate of \(row.name), if it is for the same key, in date "
            + "and fit for clients. The one before is kept until a server has let the new one in.")
      ],
      fields: [FormField("File", hint: "~/\(row.name).crt")],
      buttons: [FormButton("Install", "i"), FormButton("Cancel", "c")], width: 64)
    layers.append(.dialog(Dialog(.installIdentity(row.name), form)))
  }

  mutating func answeredInstall(_ dialog: Dialog, _ result: Form.Result, _ name: String) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    if dialog.form.text(0).isEmpty {
      reopen(dialog, "Type the name of the file that the signer sent.")
      return []
    }
    return [.identity(.install(name, path: dialog.form.text(0)))]
  }

  private mutating func openRenew(_ row: IdentityRow) {
    let isSelfSigned = row.vouched == "self-signed"
    let text =
      isSelfSigned
      ? "A new self-signed certificate is made with the same key. Its fingerprint is another one, which servers have "
        + "to be told of."
      : "A new request is made with the same key. The present certificate stays until the signer's answer to it is "
        + "installed."
    let form = Form(
      "Renew \(row.name)", body: [.text(text)], buttons: [FormButton("Renew", "r"), FormButton("Cancel", "c")])
    layers.append(.dialog(Dialog(.renewIdentity(row.name), form)))
  }

  private mutating func openRemoveIdentity(_ row: IdentityRow) {
    let form = Form(
      "Remove \(row.name)", tone: .danger,
      body: [.text("The certificate and its private key are removed for good. Servers that know it are not told.")],
      buttons: [FormButton("Remove", "r"), FormButton("Cancel", "c")], focusedButton: 1)
    layers.append(.dialog(Dialog(.removeIdentity(row.name), form)))
  }
}
