import FTP

extension AppState {
  mutating func openMakeFolder() {
    let place = self[active].place
    let form = Form(
      "New folder", body: [.text("In \(shortPath(place))", .faint)], fields: [FormField("Name")],
      buttons: [FormButton("Make", "m"), FormButton("Cancel", "c")])
    layers.append(.dialog(Dialog(.makeFolder(place), form)))
  }

  mutating func answeredMakeFolder(_ dialog: Dialog, _ result: Form.Result, in place: Place) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    do {
      return [.makeFolder(try FileName(dialog.form.text(0)), in: place)]
    } catch {
      reopen(dialog, Self.sentence(error))
      return []
    }
  }

  /// An error's description as a sentence.
  static func sentence(_ error: FTPError) -> String {
    let text = error.description
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}
