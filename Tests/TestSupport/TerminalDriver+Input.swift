extension TerminalDriver {
  /// Presses keys by tmux's names: `Enter`, `Escape`, `Tab`, `BTab`, `Up`, `F5`, `C-x`, `M-Enter`, `IC`, `DC`, `NPage`, `q`.
  package func press(_ keys: String...) async throws {
    try await tmux(["send-keys", "--"] + keys)
  }

  /// Types text, letter by letter.
  package func type(_ text: String) async throws {
    try await tmux(["send-keys", "-l", "--", text])
  }

  /// Sends bytes as they are.
  package func send(_ bytes: [UInt8]) async throws {
    try await tmux(["send-keys", "-H"] + bytes.map { String($0, radix: 16) })
  }

  /// Pastes text, in brackets where the program asked for them.
  package func paste(_ text: String) async throws {
    try await tmux(["set-buffer", "--", text])
    try await tmux(["paste-buffer", "-p", "-d"])
  }

  /// Does something with the mouse, as the bytes of the SGR encoding; `cell` counts from 0.
  package func mouse(_ action: MouseAction, at cell: Screen.Cell) async throws {
    try await send(action.bytes(at: cell))
  }

  /// Presses and releases the left button.
  package func click(_ cell: Screen.Cell) async throws {
    try await send(MouseAction.press(.left).bytes(at: cell) + MouseAction.release(.left).bytes(at: cell))
  }

  /// Presses the left button at one cell, moves over the cells between, and releases it at the other.
  ///
  /// - Parameter midway: runs when the pointer has arrived, before the release.
  package func drag(
    from start: Screen.Cell, to end: Screen.Cell, midway: () async throws -> Void = {}
  ) async throws {
    try await mouse(.press(.left), at: start)
    let steps = 4
    for step in 1...steps {
      let cell = Screen.Cell(
        column: start.column + (end.column - start.column) * step / steps,
        row: start.row + (end.row - start.row) * step / steps)
      try await mouse(.drag(.left), at: cell)
    }
    try await midway()
    try await mouse(.release(.left), at: end)
  }

  /// Changes the size of the terminal.
  package func resize(columns: Int, rows: Int) async throws {
    try await tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }
}
