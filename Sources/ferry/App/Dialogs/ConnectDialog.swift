import FTP

extension AppState {
  mutating func openConnect() {
    // The left pane stays local unless somebody wants it otherwise.
    let side: Side = self[active].place.isLocal ? .right : active
    var fields = [
      FormField("Address", hint: "files.example.org or ftpes://user@host/folder"),
      FormField("User", hint: "anonymous"),
      FormField(secret: "Password", hint: "asked for when it is needed"),
      FormField("Encryption", options: ["explicit TLS", "implicit TLS"]),
      FormField("In the", options: ["left pane", "right pane"], selected: side.rawValue),
    ]
    // At the end, so that the others keep their places.
    let certificates = usableIdentities
    if !certificates.isEmpty { fields.append(FormField("Certificate", options: ["as the site says"] + certificates)) }
    if !sites.isEmpty { fields.insert(FormField("Site", options: ["none"] + sites.map(\.title)), at: 0) }
    var form = Form(
      "Connect to a server", fields: fields,
      buttons: [FormButton("Connect", "c"), FormButton("Cancel", "n")], width: 64)
    form.focus = sites.isEmpty ? 0 : 1
    layers.append(.dialog(Dialog(.connect, form)))
  }

  mutating func answeredConnect(_ dialog: Dialog, _ result: Form.Result) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    let hasCertificates = dialog.form.fields.last?.label == "Certificate"
    let first = dialog.form.fields.count - (hasCertificates ? 6 : 5)
    let side = dialog.form.choice(first + 4) == 0 ? Side.left : .right
    var address = dialog.form.text(first)
    var identity: String?
    if hasCertificates, dialog.form.choice(first + 5) > 0 {
      identity = dialog.form.fields[first + 5].chosen
    }
    if first == 1, address.isEmpty, dialog.form.choice(0) > 0 {
      address = sites[dialog.form.choice(0) - 1].address
      identity = identity ?? sites[dialog.form.choice(0) - 1].identity
    }
    guard !address.isEmpty else {
      reopen(dialog, "Type the name of a server, such as files.example.org.", focus: first)
      return []
    }
    do {
      let mode: TLSMode = dialog.form.choice(first + 3) == 1 ? .implicit : .explicit
      var request = try ConnectRequest(address, mode: mode)
      request.identity = identity
      let user = dialog.form.text(first + 1)
      if !user.isEmpty {
        let server = request.server
        request.server = ServerAddress(host: server.host, port: server.port, mode: server.mode, user: user)
      }
      if let password = dialog.form.secret(first + 2) { request.password = SecretBox(password) }
      return connect(side, request)
    } catch {
      reopen(dialog, Self.sentence(error), focus: first)
      return []
    }
  }

  /// The names of the client certificates that can be shown.
  private var usableIdentities: [String] { identities.filter { $0.problem == nil }.map(\.name) }

  /// Opens a session in a pane.
  mutating func connect(_ side: Side, _ request: ConnectRequest) -> [Effect] {
    active = side
    focus = .panes
    self[side].connect(to: request, now: now)
    return [.connect(side, request, generation: self[side].generation)]
  }
}
