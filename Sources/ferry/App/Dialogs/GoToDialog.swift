import FTP
import SystemPackage

extension AppState {
  mutating func openGoTo() {
    let place = self[active].place
    let form = Form(
      "Go to a folder", body: [.text(place.server.map { "On \($0)" } ?? "On this machine", .faint)],
      fields: [FormField("Folder", text: String(decoding: place.pathBytes, as: UTF8.self))],
      buttons: [FormButton("Go", "g"), FormButton("Cancel", "c")])
    layers.append(.dialog(Dialog(.goTo(active), form)))
  }

  mutating func answeredGoTo(_ dialog: Dialog, _ result: Form.Result, _ side: Side) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    let text = dialog.form.text(0)
    switch self[side].place {
    case .local(let folder):
      guard !text.isEmpty, !text.utf8.contains(0) else { return [] }
      return list(side, .local(localPath(text, from: folder)))
    case .remote(let server, let folder):
      guard !text.isEmpty else { return [] }
      do {
        return list(side, .remote(server, try folder.resolving(text.utf8)))
      } catch {
        reopen(dialog, Self.sentence(error))
        return []
      }
    }
  }

  /// What a path means to somebody in `folder`; `~` is the home folder.
  func localPath(_ text: String, from folder: FilePath) -> FilePath {
    if text == "~" || text.hasPrefix("~/"), let home {
      return home.appending(String(text.dropFirst(2))).lexicallyNormalized()
    }
    let path = FilePath(text)
    return (path.isAbsolute ? path : folder.pushing(path)).lexicallyNormalized()
  }
}
