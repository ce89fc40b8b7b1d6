import Terminal

extension AppState {
  /// The mouse over the top layer; what lies below does not get it.
  mutating func received(_ mouse: MouseEvent, by layer: Layer) -> [Effect] {
    let top = layers.count - 1
    switch layer {
    case .dialog(var dialog):
      let old = dialog
      let result = dialog.form.received(mouse, layout: FormLayout(dialog.form, on: size))
      turnPage(of: &dialog, from: old)
      dialog.notePart(from: old)
      dialog.noteExchange(from: old)
      dialog.matchPermissions(old)
      layers[top] = .dialog(dialog)
      return result.map { close(dialog, $0) } ?? []
    case .viewer(var viewer):
      switch mouse.kind {
      case .wheelUp: viewer.scroll(to: viewer.top - 3, height: viewerHeight)
      case .wheelDown: viewer.scroll(to: viewer.top + 3, height: viewerHeight)
      case .press where mouse.button == .left:
        if let key = ViewerBar.key(at: mouse.point, on: size) { return received(key) }
      default: break
      }
      layers[top] = .viewer(viewer)
      return withViewer(viewer.ticket) { _ in }
    case .help(var help):
      let outcome = help.received(mouse, layout: HelpLayout(on: size))
      layers[top] = .help(help)
      return finish(outcome)
    case .menu(var menu):
      let outcome = menu.received(mouse, layout: MenuLayout(menu, keymap: keymap, on: size))
      layers[top] = .menu(menu)
      return finish(outcome)
    case .compare(var compare):
      let step = compare.received(mouse, layout: CompareLayout(on: size))
      layers[top] = .compare(compare)
      return perform(step)
    case .trust(var trust):
      let step = trust.received(mouse, layout: TrustLayout(on: size))
      layers[top] = .trust(trust)
      return perform(step)
    case .sites(var sites):
      let outcome = sites.received(mouse, layout: SitesLayout(on: size))
      layers[top] = .sites(sites)
      return finish(outcome, on: sites.side)
    case .identities(var overlay):
      let layout = IdentityLayout(count: identities.count, on: size)
      let wish = overlay.received(mouse, count: identities.count, layout: layout)
      layers[top] = .identities(overlay)
      return finish(wish, overlay)
    }
  }
}

extension HelpOverlay {
  fileprivate mutating func received(_ mouse: MouseEvent, layout: HelpLayout) -> OverlayOutcome {
    switch mouse.kind {
    case .wheelUp: moveCursor(to: cursor - 3, height: layout.list.height)
    case .wheelDown: moveCursor(to: cursor + 3, height: layout.list.height)
    case .press where mouse.button == .left:
      guard layout.frame.contains(mouse.point) else { return .close }
      let row = top + mouse.point.y - layout.list.y
      guard layout.list.contains(mouse.point), rows.indices.contains(row) else { return .stay }
      if row == cursor { return .run(rows[row].action) }
      moveCursor(to: row, height: layout.list.height)
    default: break
    }
    return .stay
  }
}

extension MenuOverlay {
  fileprivate mutating func received(_ mouse: MouseEvent, layout: MenuLayout) -> OverlayOutcome {
    guard mouse.kind == .press, mouse.button == .left else { return .stay }
    if let title = layout.titles.firstIndex(where: { $0.contains(mouse.point) }) {
      openMenu(title)
      return .stay
    }
    guard let row = layout.rows.firstIndex(where: { $0.contains(mouse.point) }) else {
      return layout.frame.contains(mouse.point) ? .stay : .close
    }
    return items[row].map { .run($0) } ?? .stay
  }
}
