import Terminal

/// Which key does what, in the panes and in the drawer.
struct Keymap: Equatable, Sendable {
  /// Where keys go when no dialog is open.
  enum Context: String, CaseIterable, Hashable, Sendable {
    case panes
    /// In the panes, after the key that begins two of them.
    case prefix
    case queue, log, session
  }

  private var bindings: [Context: [Key: Action]]

  init(_ bindings: [Context: [Key: Action]]) { self.bindings = bindings }

  /// The action of a key; the drawer's keys come before the panes' where both have one.
  func action(for key: Key, in context: Context) -> Action? {
    bindings[context]?[key] ?? (context == .panes ? nil : shared(key))
  }

  /// The keys of an action, the shortest to explain first.
  func keys(for action: Action, in context: Context) -> [Key] {
    let own = (bindings[context] ?? [:]).filter { $0.value == action }.map(\.key)
    return own.sorted { left, right in
      (Self.rank(left), left.description) < (Self.rank(right), right.description)
    }
  }

  /// How an action's keys are written, the shortest to explain first.
  func keyTexts(for action: Action, in context: Context) -> [String] {
    let single = keys(for: action, in: context).map(\.description)
    guard context == .panes, let first = keys(for: .prefix, in: .panes).first else { return single }
    return single + keys(for: action, in: .prefix).map { "\(first) \($0)" }
  }

  /// Gives a key another action, or none.
  mutating func bind(_ key: Key, to action: Action?, in context: Context) {
    bindings[context, default: [:]][key] = action
  }

  /// What works in the drawer as in the panes.
  private func shared(_ key: Key) -> Action? {
    guard let action = bindings[.panes]?[key] else { return nil }
    switch action {
    case .help, .menu, .quit, .redraw, .suspend, .connect, .trust, .drawer, .drawerTaller, .drawerShorter, .drawerZoom,
      .drawerFocus, .queueTab, .logTab, .sessionTab, .pauseAll:
      return action
    default: return nil
    }
  }

  private static func rank(_ key: Key) -> Int {
    switch key.code {
    case .function: 0
    case .character: key.modifiers.isEmpty ? 2 : 3
    default: 1
    }
  }
}
