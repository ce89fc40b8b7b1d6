import FTP
import SystemPackage
import Terminal

/// The dialogs over the list of trusted certificates.
extension AppState {
  mutating func openTrust() -> [Effect] {
    layers.append(.trust(TrustOverlay()))
    return [.trust(.list)]
  }

  mutating func perform(_ step: TrustOverlay.Step) -> [Effect] {
    switch step {
    case .stay: break
    case .close: layers.removeLast()
    case .show(let row): openTrusted(row)
    case .note(let row): openTrustNote(row)
    case .revoke(let row): openRevocation(row)
    case .export(let row): openTrustExport(row)
    case .take: openTrustImport()
    }
    return []
  }

  /// A list, or what came of a request, for the overlay wherever it is among the layers.
  mutating func received(_ outcome: TrustOutcome) {
    for index in layers.indices {
      guard case .trust(var trust) = layers[index] else { continue }
      trust.received(outcome, height: TrustLayout(on: size).list.height)
      layers[index] = .trust(trust)
    }
  }

  /// A request failed; the list is as it was.
  mutating func trustFailed(_ reason: String) {
    for index in layers.indices {
      guard case .trust(var trust) = layers[index] else { continue }
      trust.rows = trust.rows ?? []
      (trust.said, trust.isError) = (reason, true)
      layers[index] = .trust(trust)
    }
  }

  // MARK: Showing one

  private mutating func openTrusted(_ row: TrustRow) {
    var form = Form(
      "Trusted certificate",
      buttons: [
        FormButton("Close", "c"), FormButton("Note…", "n"), FormButton("Export…", "x"), FormButton("Revoke…", "r"),
      ],
      width: 72)
    if row.chain.count > 1 {
      form.fields = [
        .stepper(
          "Certificate", row.chain.enumerated().map { "\($0.offset + 1) of \(row.chain.count): \($0.element.title)" })
      ]
    }
    form.focus = form.fields.count
    form.body = trustedBody(row, page: 0)
    layers.append(.dialog(Dialog(.trusted(row), form)))
  }

  func trustedBody(_ row: TrustRow, page: Int) -> [FormLine] {
    var body: [FormLine] = [.pair("Server", "\(row.server)"), .pair("Trusted", row.kind.words, .text)]
    if page == 0 {
      body += [
        .pair("First seen", DateText.full(Timestamp(seconds: row.firstSeen), zone), .text),
        .pair("Last seen", DateText.full(Timestamp(seconds: row.lastSeen), zone), .text),
        .pair("Last used", row.lastUsed.map { DateText.full(Timestamp(seconds: $0), zone) } ?? "never", .text),
      ]
      if !row.note.isEmpty { body.append(.pair("Note", Self.limited(row.note), .text)) }
    }
    return body + [.blank] + self.page(of: row.chain[page])
  }

  mutating func answeredTrusted(_ result: Form.Result, _ row: TrustRow) -> [Effect] {
    switch result {
    case .pressed(1): openTrustNote(row)
    case .pressed(2): openTrustExport(row)
    case .pressed(3): openRevocation(row)
    default: break
    }
    return []
  }

  // MARK: Changing one

  private mutating func openTrustNote(_ row: TrustRow) {
    let form = Form(
      "Note", body: [.pair("Server", "\(row.server)")], fields: [FormField("Note", text: row.note)],
      buttons: [FormButton("Save", "s"), FormButton("Cancel", "c")], width: 64)
    layers.append(.dialog(Dialog(.trustNote(row), form)))
  }

  mutating func answeredTrustNote(_ dialog: Dialog, _ result: Form.Result, _ row: TrustRow) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    return [.trust(.setNote(dialog.form.text(0), row.id))]
  }

  private mutating func openRevocation(_ row: TrustRow) {
    let form = Form(
      "Trust it no more", tone: .danger,
      body: [
        .pair("Server", "\(row.server)"), .pair("Trusted", row.kind.words, .text),
        .fingerprint("SHA-256", row.certificate.sha256), .blank,
        .text("Sessions with this server end, and the next connection asks again."),
      ], buttons: [FormButton("Revoke", "r"), FormButton("Cancel", "c")], focusedButton: 1, width: 66)
    layers.append(.dialog(Dialog(.revocation(row), form)))
  }

  // MARK: Files

  /// The folder that a file name without one is meant for: that of the local pane.
  private var filesFolder: FilePath {
    for side in [active, active.other] {
      if case .local(let folder) = self[side].place { return folder }
    }
    return home ?? "/"
  }

  private mutating func openTrustExport(_ row: TrustRow) {
    // The host is a name that was checked; nothing of it leads to another folder.
    let name = row.server.host.filter { $0.isLetter || $0.isNumber || ".-".contains($0) } + ".pem"
    let form = Form(
      "Export in PEM form", body: [.pair("Server", "\(row.server)")],
      fields: [
        FormField("File", text: filesFolder.appending(name).string),
        FormField("What", options: ["this certificate", "all that are trusted"]),
      ], buttons: [FormButton("Export", "e"), FormButton("Cancel", "c")], width: 72)
    layers.append(.dialog(Dialog(.trustExport(row), form)))
  }

  mutating func answeredTrustExport(
    _ dialog: Dialog, _ result: Form.Result, _ row: TrustRow
  ) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    guard !dialog.form.text(0).isEmpty else {
      reopen(dialog, "Name the file to write.")
      return []
    }
    var ids = [row.id]
    if dialog.form.choice(1) == 1 {
      for case .trust(let trust) in layers { ids = trust.rows?.map(\.id) ?? ids }
    }
    return [.trust(.export(ids, localPath(dialog.form.text(0), from: filesFolder)))]
  }

  private mutating func openTrustImport() {
    let form = Form(
      "Import trusted certificates",
      body: [.text("FileZilla's trustedcerts.xml, what Ferry exported, or a certificate in PEM or DER form.", .faint)],
      fields: [
        FormField("File", text: "~/.config/filezilla/trustedcerts.xml"),
        FormField("For server", hint: "only for a certificate alone: files.example.org"),
      ], buttons: [FormButton("Import", "i"), FormButton("Cancel", "c")], width: 72)
    layers.append(.dialog(Dialog(.trustImport, form)))
  }

  mutating func answeredTrustImport(_ dialog: Dialog, _ result: Form.Result) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    let (file, server) = (dialog.form.text(0), dialog.form.text(1))
    guard !file.isEmpty else {
      reopen(dialog, "Name the file to read.")
      return []
    }
    do {
      let named = server.isEmpty ? nil : try ConnectRequest(server, mode: .explicit).server
      return [.trust(.take(localPath(file, from: filesFolder), for: named))]
    } catch {
      reopen(dialog, Self.sentence(error), focus: 1)
      return []
    }
  }
}
