import Terminal

/// Draws the line of function keys, or the notice that stands in its place.
func drawKeyBar(_ state: AppState, _ layout: ScreenLayout, _ theme: Theme, _ canvas: inout Canvas) {
  if let notice = state.notice {
    let style = theme[notice.isError ? .noticeError : .notice]
    canvas.fill(layout.keys, style: style)
    canvas.put(notice.text, at: layout.keys.origin.moved(dx: 1), style: style, maxWidth: layout.keys.width - 2)
    return
  }
  canvas.fill(layout.keys, style: theme[.keys])
  for item in layout.keyBar.items {
    let used = canvas.put(item.number, at: item.rect.origin, style: theme[.keysNumber])
    let label = item.rect.inset(left: used + item.gap)
    canvas.put(item.label, at: label.origin, style: theme[.keysLabel], maxWidth: label.width)
  }
}
