import FTP

extension AppState {
  mutating func openDelete() -> [Effect] {
    let entries = self[active].chosen
    guard !entries.isEmpty else { return [] }
    let place = self[active].place
    let folders = entries.filter { $0.kind == .folder }
    let ticket = folders.isEmpty ? nil : nextTicket()
    var body = [FormLine.text(Self.deletion(entries)), .text("In \(shortPath(place))", .faint)]
    if ticket != nil { body.append(.text("Counting what is in \(folders.count == 1 ? "it" : "them")…", .faint)) }
    // Whoever presses Enter by habit loses a file, never a tree.
    let form = Form(
      "Delete", tone: folders.isEmpty ? .normal : .danger, body: body,
      buttons: [FormButton("Delete", "d"), FormButton("Cancel", "c")], focusedButton: folders.isEmpty ? 0 : 1)
    layers.append(.dialog(Dialog(.delete(entries, in: place, ticket: ticket), form)))
    return ticket.map { [.count(folders, in: place, ticket: $0)] } ?? []
  }

  /// A few files are gone at once. Folders, and many files, go through the queue, where they can be watched and stopped.
  mutating func delete(_ entries: [Entry], in place: Place) -> [Effect] {
    guard entries.count > Self.deletedAtOnce || entries.contains(where: { $0.kind == .folder }) else {
      return [.delete(entries, in: place)]
    }
    for side in Side.allCases where self[side].place == place { self[side].marks = [] }
    drawer.tab = .queue
    return [.queueDeletion(entries, in: place)]
  }

  private static let deletedAtOnce = 20

  /// The folders of a deletion were counted.
  mutating func counted(ticket: Int, _ count: TreeCount) {
    for index in layers.indices {
      guard case .dialog(var dialog) = layers[index], case .delete(let entries, let place, ticket) = dialog.purpose
      else {
        continue
      }
      let inside = count.files + count.folders
      let text =
        inside == 0
        ? "Nothing is in \(entries.count == 1 ? "it" : "the folders")."
        : "With everything inside: \(Count.files(count.files)), \(Count.folders(count.folders)), \(ByteText.long(count.bytes))."
      dialog.form.body[2] = .text(text, inside == 0 ? .faint : .warning)
      dialog.purpose = .delete(entries, in: place, ticket: nil)
      layers[index] = .dialog(dialog)
    }
  }

  private static func deletion(_ entries: [Entry]) -> String {
    if entries.count == 1 {
      return "Delete \(entries[0].kind == .folder ? "the folder " : "")“\(SafeText.escape(entries[0].name.bytes))”?"
    }
    let folders = entries.count { $0.kind == .folder }
    let files = entries.count - folders
    let parts = [files > 0 ? Count.files(files) : nil, folders > 0 ? Count.folders(folders) : nil].compactMap(\.self)
    return "Delete \(parts.joined(separator: " and "))?"
  }
}
