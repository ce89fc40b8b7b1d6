import Terminal

/// Draws the whole screen. Pure: the same state and theme give the same cells.
///
/// Returns where the cursor is: visible in a text field, else hidden on the row that has the focus.
@discardableResult
func draw(_ state: AppState, _ theme: Theme, _ canvas: inout Canvas) -> CursorPlace {
  canvas.escapeStyle = theme[.escape]
  canvas.fill(canvas.bounds, style: theme[.screen])
  let layout = state.layout
  if layout.isTooSmall {
    drawTooSmall(state, theme, &canvas)
    return .hidden(.origin)
  }
  var place = CursorPlace.hidden(.origin)
  for side in Side.allCases {
    let row = drawPane(side, state, layout, theme, &canvas)
    if side == state.active { place = .hidden(row) }
  }
  if let drawer = layout.drawer {
    let row = drawDrawer(state, drawer, theme, &canvas)
    if state.focus == .drawer { place = .hidden(row) }
  }
  drawKeyBar(state, layout, theme, &canvas)
  if state.layers.isEmpty { drawDrag(state, theme, &canvas) }
  for (index, layer) in state.layers.enumerated() {
    let isTop = index == state.layers.count - 1
    let layerPlace = drawLayer(layer, state, theme, &canvas)
    if isTop { place = layerPlace }
  }
  return place
}

/// Where the terminal's cursor stands.
enum CursorPlace: Equatable, Sendable {
  /// Where text is being typed.
  case visible(Point)
  /// Not shown, but there: screen readers follow it.
  case hidden(Point)
}

private func drawTooSmall(_ state: AppState, _ theme: Theme, _ canvas: inout Canvas) {
  let smallest = ScreenLayout.smallest
  let lines = ["The window is too small.", "Ferry needs \(smallest), this is \(state.size)."]
  for (index, line) in lines.enumerated() {
    let row = Rect(x: 0, y: max(0, state.size.rows / 2 - 1 + index), width: state.size.columns, height: 1)
    canvas.put(line, at: row.origin, style: theme[.screen], maxWidth: row.width, alignment: .center)
  }
}

private func drawLayer(
  _ layer: Layer, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas
) -> CursorPlace {
  switch layer {
  case .dialog(let dialog): drawForm(dialog.form, state, theme, &canvas)
  case .viewer(let viewer): drawViewer(viewer, state, theme, &canvas)
  case .help(let help): drawHelp(help, state, theme, &canvas)
  case .menu(let menu): drawMenu(menu, state, theme, &canvas)
  case .compare(let compare): drawCompare(compare, state, theme, &canvas)
  case .trust(let trust): drawTrust(trust, state, theme, &canvas)
  case .sites(let sites): drawSites(sites, state, theme, &canvas)
  case .identities(let overlay): drawIdentities(overlay, state, theme, &canvas)
  }
}
