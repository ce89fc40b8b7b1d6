import FTP
import FTPSClient
import SystemPackage
import Terminal

extension AppState {
  private var showsSession: Bool { drawer.isOpen && drawer.tab == .session }

  /// While the tab is seen, it is told when there is more to draw; nothing is done for it otherwise.
  mutating func watchSessions() -> [Effect] {
    guard showsSession, let content = layout.drawer?.content else { return [] }
    if drawer.session.width != content.width { drawer.session.resize(width: content.width, height: content.height) }
    if drawer.session.isWatching { return [] }
    drawer.session.isWatching = true
    return [.readSessions]
  }

  mutating func performInSession(_ action: Action) {
    guard let height = layout.drawer?.content.height else { return }
    switch action {
    case .nextSession: drawer.session.turn(by: 1, height: height)
    case .previousSession: drawer.session.turn(by: -1, height: height)
    case .saveSession: openSaveSession()
    default: break
    }
  }

  // MARK: Saving

  private mutating func openSaveSession() {
    guard let record = drawer.session.shown else { return say("There is no session to save yet.", isError: true) }
    let name = "ferry-session-\(record.number).txt"
    let form = Form(
      "Save the diagram", body: [.text("As text, as it is drawn here.", .faint)],
      fields: [FormField("File", text: String(decoding: saveFolder.appending(name).bytes, as: UTF8.self))],
      buttons: [FormButton("Save", "s"), FormButton("Cancel", "c")], width: 72)
    layers.append(.dialog(Dialog(.saveSession(record), form)))
  }

  mutating func answeredSaveSession(_ dialog: Dialog, _ result: Form.Result) -> [Effect] {
    guard result == .pressed(0), case .saveSession(let record) = dialog.purpose else { return [] }
    let text = dialog.form.text(0)
    guard !text.isEmpty, !text.utf8.contains(0) else { return [] }
    let diagram = SequenceDiagram.text(of: record, width: max(drawer.session.width, 80))
    return [.save(text: diagram, as: localPath(text, from: saveFolder))]
  }

  /// A folder of this machine that a person is looking at.
  private var saveFolder: FilePath {
    for side in [active, active.other] {
      if case .local(let folder) = self[side].place { return folder }
    }
    return home ?? "/"
  }
}
