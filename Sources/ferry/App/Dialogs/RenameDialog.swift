import FTP

extension AppState {
  mutating func openRename() {
    guard let entry = self[active].current else { return }
    let place = self[active].place
    let prefilled = entry.name.text
    let form = Form(
      "Rename", body: [.text("In \(shortPath(place))", .faint)], fields: [FormField("New name", text: prefilled)],
      buttons: [FormButton("Rename", "r"), FormButton("Cancel", "c")])
    layers.append(.dialog(Dialog(.rename(entry, in: place, prefilled: prefilled), form)))
  }

  /// A name that is not UTF-8 is shown with stand-ins; left as it was, its bytes stay as they are.
  mutating func answeredRename(
    _ dialog: Dialog, _ result: Form.Result, _ entry: Entry, _ place: Place, _ prefilled: String
  ) -> [Effect] {
    let text = dialog.form.text(0)
    guard result == .pressed(0), text != prefilled else { return [] }
    do {
      let name = try FileName(text)
      guard !self[active].contains(name) else {
        reopen(dialog, "There is a “\(SafeText.escape(text))” here already. Choose another name.")
        return []
      }
      return [.rename(entry.name, to: name, in: place)]
    } catch {
      reopen(dialog, Self.sentence(error))
      return []
    }
  }
}
