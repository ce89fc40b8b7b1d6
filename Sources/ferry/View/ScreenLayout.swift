import Terminal

/// Where everything is on the screen: worked out from its size alone, the same for drawing and for the mouse.
struct ScreenLayout: Equatable, Sendable {
  /// The smallest screen that Ferry can be used on.
  static let smallest = Size(columns: 60, rows: 16)

  var size: Size
  var left: PaneLayout
  var right: PaneLayout
  /// Nil while it is closed.
  var drawer: DrawerLayout?
  /// The line of function keys; notices are shown here too.
  var keys: Rect

  init(size: Size, drawer: DrawerState) {
    self.size = size
    let screen = Rect(size: size)
    keys = screen.row(-1)
    var panes = screen.inset(bottom: 1)
    if drawer.isOpen {
      let rows = Self.drawerRows(drawer.height, on: size)
      let inner = Rect(x: 1, y: panes.maxY - 1 - rows, width: size.columns - 2, height: rows)
      self.drawer = DrawerLayout(inner: inner, hasParts: drawer.tab == .queue && rows >= 5)
      panes = panes.inset(bottom: rows + 1)
    }
    let half = size.columns / 2
    left = PaneLayout(frame: Rect(x: 0, y: panes.y, width: half, height: panes.height))
    right = PaneLayout(frame: Rect(x: half, y: panes.y, width: size.columns - half, height: panes.height))
  }

  /// Whether the screen is too small to draw anything useful.
  var isTooSmall: Bool { size.columns < Self.smallest.columns || size.rows < Self.smallest.rows }

  subscript(side: Side) -> PaneLayout { side == .left ? left : right }

  /// The highest the drawer can be, keeping the panes usable.
  static func drawerRows(_ wanted: Int, on size: Size) -> Int {
    max(3, min(wanted, size.rows - 2 - 8, wanted <= 6 ? (size.rows - 2) / 3 : Int.max))
  }

  /// Where the function keys are, F1 first.
  var keyBar: KeyBarLayout { KeyBarLayout(keys) }
}
