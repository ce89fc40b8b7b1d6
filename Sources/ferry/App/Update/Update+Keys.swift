import Terminal

extension AppState {
  /// A key goes to the top layer, else to what it would interrupt, else to the keymap.
  mutating func received(_ key: Key) -> [Effect] {
    if drag.phase != .idle {
      // What the key does may change what is under the pointer.
      drag.cancel()
      if key == Key(.escape) { return [] }
    }
    // What is clicked after it is another thing, perhaps at the same place.
    clicks = ClickCounter()
    if let layer = layers.last { return received(key, by: layer) }
    notice = nil
    if layout.isTooSmall { return key == Key(.function(10)) || key == "C-c" || key == "q" ? openQuit() : [] }
    if isAfterPrefix, key == Key(.escape) {
      isAfterPrefix = false
      return []
    }
    if focus == .panes, self[active].quickSearch != nil, let effects = receivedByQuickSearch(key) { return effects }
    if focus == .panes, key == Key(.escape) { return escape() }
    if isAfterPrefix {
      isAfterPrefix = false
      return keymap.action(for: key, in: .prefix).map { perform($0) } ?? []
    }
    guard let action = keymap.action(for: key, in: context) else { return [] }
    return perform(action)
  }

  /// The first of two keys was pressed: says what may follow.
  mutating func beginKeys() {
    isAfterPrefix = true
    let keys = Action.allCases.compactMap { action in
      keymap.keys(for: action, in: .prefix).first.map { "\($0) \(action.title)" }
    }
    say(keys.joined(separator: "  ·  "))
  }

  /// Where keys go now.
  var context: Keymap.Context {
    if focus == .panes { return .panes }
    switch drawer.tab {
    case .queue: return .queue
    case .log: return .log
    case .session: return .session
    }
  }

  private mutating func received(_ key: Key, by layer: Layer) -> [Effect] {
    let top = layers.count - 1
    switch layer {
    case .dialog(var dialog):
      let old = dialog
      let result = dialog.form.received(key, layout: FormLayout(dialog.form, on: size))
      turnPage(of: &dialog, from: old)
      dialog.noteStrength()
      dialog.notePart(from: old)
      dialog.noteExchange(from: old)
      dialog.matchPermissions(old)
      dialog.noteRate(from: old)
      layers[top] = .dialog(dialog)
      return result.map { close(dialog, $0) } ?? []
    case .viewer(var viewer):
      let step = viewer.received(key, height: viewerHeight)
      layers[top] = .viewer(viewer)
      if step == .close { layers.removeLast() }
      return step == .close ? [] : withViewer(viewer.ticket) { _ in }
    case .help(var help):
      let action = help.received(key, height: HelpLayout(on: size).list.height)
      layers[top] = .help(help)
      return finish(action)
    case .menu(var menu):
      let action = menu.received(key)
      layers[top] = .menu(menu)
      return finish(action)
    case .compare(var compare):
      let step = compare.received(key, height: CompareLayout(on: size).list.height)
      layers[top] = .compare(compare)
      return perform(step)
    case .trust(var trust):
      let step = trust.received(key, height: TrustLayout(on: size).list.height)
      layers[top] = .trust(trust)
      return perform(step)
    case .sites(var sites):
      let outcome = sites.received(key, height: SitesLayout(on: size).list.height)
      layers[top] = .sites(sites)
      return finish(outcome, on: sites.side)
    case .identities(var overlay):
      let height = IdentityLayout(count: identities.count, on: size).list.height
      let wish = overlay.received(key, count: identities.count, height: height)
      layers[top] = .identities(overlay)
      return finish(wish, overlay)
    }
  }

  /// Closes the top dialog and acts on how it was left.
  mutating func close(_ dialog: Dialog, _ result: Form.Result) -> [Effect] {
    layers.removeLast()
    return answered(dialog, result)
  }

  /// Acts on how an overlay was left.
  mutating func finish(_ outcome: OverlayOutcome) -> [Effect] {
    switch outcome {
    case .stay: return []
    case .close:
      layers.removeLast()
      return []
    case .run(let action):
      layers.removeLast()
      return perform(action)
    }
  }

  /// Gives up what the pane waits for; else takes the marks away.
  private mutating func escape() -> [Effect] {
    guard self[active].isBusy else { return [] }
    self[active].giveUp()
    say("Given up.")
    return [.cancel(active)]
  }
}

/// How the menu or the help wants to be left.
enum OverlayOutcome: Hashable, Sendable {
  case stay, close
  case run(Action)
}

extension HelpOverlay {
  mutating func received(_ key: Key, height: Int) -> OverlayOutcome {
    switch key.code {
    case .escape, .function(1), .function(10): return .close
    case .character("c") where key.modifiers == .control: return .close
    case .up: moveCursor(to: cursor - 1, height: height)
    case .down: moveCursor(to: cursor + 1, height: height)
    case .pageUp: moveCursor(to: cursor - height, height: height)
    case .pageDown: moveCursor(to: cursor + height, height: height)
    case .enter: return rows.indices.contains(cursor) ? .run(rows[cursor].action) : .stay
    default:
      if filter.received(key) {
        cursor = 0
        top = 0
      }
    }
    return .stay
  }
}

extension MenuOverlay {
  mutating func received(_ key: Key) -> OverlayOutcome {
    switch key {
    case Key(.escape), Key(.function(9)), Key(.function(10)), "q", "C-c": return .close
    case Key(.left), "h", Key(.backTab): openMenu(open - 1)
    case Key(.right), "l", Key(.tab): openMenu(open + 1)
    case Key(.up), "k": moveCursor(by: -1)
    case Key(.down), "j": moveCursor(by: 1)
    case Key(.home): cursor = 0
    case Key(.end): cursor = items.count - 1
    case Key(.enter), " ": return items[cursor].map { .run($0) } ?? .stay
    default: break
    }
    return .stay
  }
}
