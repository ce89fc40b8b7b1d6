extension AppState {
  /// Quits at once, or asks while something is still being transferred.
  mutating func openQuit() -> [Effect] {
    guard drawer.queue.running > 0 else { return leave() }
    let form = Form(
      "Quit",
      body: [
        .text("\(Count.of(drawer.queue.running, "transfer is", "transfers are")) running."),
        .text("What is not finished stays in the queue and goes on at the next start.", .faint),
      ], buttons: [FormButton("Quit", "q"), FormButton("Stay", "s")], focusedButton: 1)
    layers.append(.dialog(Dialog(.quit, form)))
    return []
  }

  mutating func leave() -> [Effect] {
    isFinished = true
    return [.quit]
  }
}
