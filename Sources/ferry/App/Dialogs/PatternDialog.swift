import Transfers

extension AppState {
  mutating func openPattern(isMarking: Bool) {
    let form = Form(
      isMarking ? "Mark" : "Unmark",
      body: [.text("Names that fit: * any text, ? one character, [a-z] a set; | between patterns", .faint)],
      fields: [FormField("Pattern", text: "*")],
      buttons: [FormButton(isMarking ? "Mark" : "Unmark"), FormButton("Cancel")])
    layers.append(.dialog(Dialog(.pattern(active, isMarking: isMarking), form)))
  }

  mutating func answeredPattern(_ dialog: Dialog, _ result: Form.Result, _ side: Side, isMarking: Bool) -> [Effect] {
    if result == .pressed(0) { self[side].setMark(isMarking, matching: Glob(dialog.form.text(0))) }
    return []
  }
}
