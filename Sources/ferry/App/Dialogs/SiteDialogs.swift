import FTP
import SystemPackage

/// A change to the saved sites.
enum SiteChange: Hashable, Sendable {
  /// `replacing` is the name that it had.
  case save(SiteChoice, replacing: String?)
  case remove(String)
}

extension AppState {
  /// Shows the saved sites.
  mutating func openSites() {
    // The left pane stays local unless somebody wants it otherwise.
    let side: Side = self[active].place.isLocal ? .right : active
    layers.append(.sites(SitesOverlay(sites, side: side)))
  }

  /// Closes the list of sites and does what was chosen there.
  mutating func finish(_ outcome: SitesOverlay.Outcome, on side: Side) -> [Effect] {
    switch outcome {
    case .stay: return []
    case .close: layers.removeLast()
    case .another:
      layers.removeLast()
      openConnect()
    case .add: openSite(nil, side)
    case .edit(let site): openSite(site, side)
    case .remove(let site): openRemoveSite(site)
    case .connect(let site):
      layers.removeLast()
      return connect(to: site, in: side)
    }
    return []
  }

  private mutating func connect(to site: SiteChoice, in side: Side) -> [Effect] {
    do {
      var effects = connect(side, try ConnectRequest(site))
      if let folder = site.localFolder { effects += list(side.other, .local(localPath(folder, from: home ?? "/"))) }
      return effects
    } catch {
      tell("That did not work", "The address of “\(SafeText.escape(Array(site.name.utf8)))”: \(Self.sentence(error))")
      return []
    }
  }

  // MARK: One site

  /// Asks for a name and an address; a new one begins with what the pane shows.
  mutating func openSite(_ site: SiteChoice?, _ side: Side) {
    var address = site?.address ?? ""
    if site == nil, case .remote(let server, let path) = self[side].place {
      address = "\(FTPAddress(server: server, path: path))"
    }
    let form = Form(
      site == nil ? "New site" : "Site",
      fields: [
        FormField("Name", text: site?.name ?? "", hint: "as you call it"),
        FormField("Address", text: address, hint: "ftpes://user@host/folder"),
        FormField("Local folder", text: site?.localFolder ?? "", hint: "shown beside it"),
        FormField("Notes", text: site?.notes ?? ""),
        FormField("FXP", boxes: ["directly, if both sites say so"], on: site?.mayExchange == true ? [0] : []),
      ], buttons: [FormButton("Save"), FormButton("Cancel")], width: 66)
    var dialog = Dialog(.site(replacing: site), form)
    dialog.noteExchange(from: nil)
    layers.append(.dialog(dialog))
  }

  mutating func answeredSite(_ dialog: Dialog, _ result: Form.Result, replacing old: SiteChoice?) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    let name = dialog.form.text(0)
    guard !name.isEmpty, !FTPAddress.looksLikeAddress(name) else {
      reopen(dialog, "Give it a name that is no address.")
      return []
    }
    guard name == old?.name || !sites.contains(where: { $0.name == name }) else {
      reopen(dialog, "There is a site of that name already. Choose another one.")
      return []
    }
    var site = old ?? SiteChoice(name: name, address: "")
    site.name = name
    do {
      let request = try ConnectRequest(dialog.form.text(1), mode: .explicit)
      guard request.password == nil else {
        reopen(dialog, "Leave the password out of the address: it is asked for.", focus: 1)
        return []
      }
      site.address = "\(FTPAddress(server: request.server, path: request.folder))"
      // An address cannot say that there is no encryption.
      if site.mode == .plaintext, request.server.mode != .explicit { site.mode = nil }
    } catch {
      reopen(dialog, Self.sentence(error), focus: 1)
      return []
    }
    site.localFolder = dialog.form.text(2).isEmpty ? nil : dialog.form.text(2)
    site.notes = dialog.form.text(3)
    site.mayExchange = dialog.form.fields[4].boxes.contains(0)
    return [.site(.save(site, replacing: old?.name))]
  }

  private mutating func openRemoveSite(_ site: SiteChoice) {
    let form = Form(
      "Remove", body: [.text("Forget the site “\(SafeText.escape(Array(site.name.utf8)))”?")],
      buttons: [FormButton("Forget it", "f"), FormButton("Keep it", "k")], focusedButton: 1)
    layers.append(.dialog(Dialog(.removeSite(site.name), form)))
  }

  /// Other sites than before: the list that is open shows them.
  mutating func sitesChanged(_ sites: [SiteChoice]) {
    self.sites = sites
    for index in layers.indices {
      guard case .sites(var overlay) = layers[index] else { continue }
      overlay.all = sites
      overlay.cursor = max(0, min(overlay.cursor, overlay.rows.count - 1))
      layers[index] = .sites(overlay)
    }
  }
}

extension Dialog {
  /// Says what it means to let servers exchange files directly, as soon as a site is to do that.
  mutating func noteExchange(from old: Dialog?) {
    guard case .site = purpose, form.fields[4].boxes != old?.form.fields[4].boxes ?? [] else { return }
    form.body = form.fields[4].boxes.isEmpty ? [] : [.text(FXPHelp.both, .faint)]
  }
}
