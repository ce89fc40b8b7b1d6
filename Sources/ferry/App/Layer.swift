/// Something over the panes that takes all keys.
enum Layer: Sendable {
  case dialog(Dialog)
  case viewer(Viewer)
  case help(HelpOverlay)
  case menu(MenuOverlay)
  case trust(TrustOverlay)
  case sites(SitesOverlay)
  case compare(CompareOverlay)
  case identities(IdentityOverlay)

  /// Whether it shows that something is being waited for.
  var isBusy: Bool {
    switch self {
    case .dialog(let dialog): dialog.isBusy
    case .viewer(let viewer): viewer.isReading
    case .compare(let compare): compare.isReading
    case .help, .menu, .trust, .sites, .identities: false
    }
  }
}
