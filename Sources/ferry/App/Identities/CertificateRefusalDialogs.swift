import FTP

/// A connection that came to nothing, and that is tried again with another certificate or a trusted one.
struct PendingConnection: Hashable, Sendable {
  var side: Side
  var request: ConnectRequest
}

/// A connection that waits for a certificate to be made.
struct NamedConnection: Hashable, Sendable {
  var connection: PendingConnection
  var name: String
}

/// The dialogs for servers that turn a client away for its certificate.
extension AppState {
  mutating func refused(_ connection: PendingConnection, generation: Int, _ refusal: CertificateRefusal) -> [Effect] {
    guard generation == self[connection.side].generation else { return [] }
    self[connection.side].activity = .idle
    self[connection.side].wanted = nil
    switch refusal {
    case .wanted(let issuers): openWanted(connection, issuers)
    case .refused(let name, let sha256, let said, let isAwaiting):
      openRefused(connection, name, sha256, said, isAwaiting: isAwaiting)
    }
    return [.identity(.load)]
  }

  // MARK: It wants one

  private mutating func openWanted(_ connection: PendingConnection, _ issuers: [String]) {
    let server = connection.request.server
    var body: [FormLine] = [
      .text("This server wants to see a certificate of yours, and none is set for it."), .blank,
      .pair("Server", "\(server.host), port \(server.port)"),
    ]
    body += issuers.prefix(6).enumerated().map { .pair($0.offset == 0 ? "It accepts" : "", $0.element, .text) }
    if issuers.count > 6 { body.append(.pair("", "and \(issuers.count - 6) others", .faint)) }
    body += [
      .blank,
      .text(
        "A new certificate vouches for itself: the first connection with it fails too, until the server's side trusts "
          + "it. Where the server's side signs certificates, send it the request.", .faint),
    ]
    let buttons = [FormButton("Create one", "c"), FormButton("Select one", "s"), FormButton("Cancel", "n")]
    let form = Form("The server wants a certificate", body: body, buttons: buttons, width: 66)
    layers.append(.dialog(Dialog(.certificateWanted(connection), form)))
  }

  mutating func answeredWanted(_ result: Form.Result, _ connection: PendingConnection) -> [Effect] {
    switch result {
    case .pressed(0): openNewIdentity(for: connection)
    case .pressed(1): openChoice(connection)
    default: break
    }
    return []
  }

  private mutating func openChoice(_ connection: PendingConnection) {
    let usable = identities.filter { $0.problem == nil }
    guard !usable.isEmpty else {
      return tell(
        "No certificate yet", "There is none to choose from. Make one in the menu: Server, client certificates.")
    }
    let form = Form(
      "Choose a certificate", fields: [FormField("Certificate", options: usable.map(\.name))],
      buttons: [FormButton("Connect", "c"), FormButton("Cancel", "n")])
    layers.append(.dialog(Dialog(.chooseIdentity(connection, usable.map(\.name)), form)))
  }

  mutating func answeredChoice(
    _ dialog: Dialog, _ result: Form.Result, _ connection: PendingConnection, _ names: [String]
  ) -> [Effect] {
    guard result == .pressed(0), names.indices.contains(dialog.form.choice(0)) else { return [] }
    return connect(connection, with: names[dialog.form.choice(0)])
  }

  // MARK: It does not trust ours

  private mutating func openRefused(
    _ connection: PendingConnection, _ name: String, _ sha256: String, _ said: String, isAwaiting: Bool
  ) {
    guard isAwaiting else { return tell("The certificate was refused", said) }
    let server = connection.request.server
    let body: [FormLine] = [
      .text("The server has seen your certificate, but does not trust it yet."), .blank,
      .pair("Server", "\(server.host), port \(server.port)"), .pair("Certificate", name),
      .fingerprint("SHA-256", sha256), .pair("It said", said, .text), .pair("State", "awaiting trust", .warning),
      .blank,
      .text(
        "Send the fingerprint or the certificate to whoever runs the server. Once it is trusted there, try again.",
        .faint),
    ]
    let form = Form(
      "Not trusted yet", body: body,
      buttons: [
        FormButton("Try again", "t"), FormButton("Copy fingerprint", "f"), FormButton("Copy certificate", "c"),
        FormButton("Close", "o"),
      ], width: 70)
    layers.append(.dialog(Dialog(.awaitingTrust(connection, name: name, sha256: sha256), form)))
  }

  mutating func answeredRefused(
    _ dialog: Dialog, _ result: Form.Result, _ connection: PendingConnection, _ name: String, _ sha256: String
  ) -> [Effect] {
    switch result {
    case .pressed(0): return connect(connection, with: name)
    case .pressed(1), .pressed(2):
      // It stays open: next comes the wait for the server's side.
      var dialog = dialog
      let what = result == .pressed(1) ? "fingerprint" : "certificate"
      dialog.form.body.removeAll { if case .text(_, .good) = $0 { true } else { false } }
      dialog.form.body.append(.text("The \(what) is in the clipboard.", .good))
      dialog.form.focus = 0
      layers.append(.dialog(dialog))
      return result == .pressed(1)
        ? [.copy("SHA256:\(sha256)", said: "")] : [.identity(.export(name, .certificate, path: nil))]
    default: return []
    }
  }

  /// Tries a connection again, showing a certificate.
  mutating func connect(_ connection: PendingConnection, with name: String) -> [Effect] {
    var request = connection.request
    request.identity = name
    return connect(connection.side, request)
  }
}
