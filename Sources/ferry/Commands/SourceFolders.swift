import Transfers

/// What a command names, by the folders that it lies in: each folder becomes one request.
struct SourceFolders {
  private var folders: [Location] = []
  private var entries: [Location: [TransferRequest.Entry]] = [:]

  var isEmpty: Bool { folders.isEmpty }

  mutating func add(_ entry: TransferRequest.Entry, in folder: Location) {
    if entries[folder] == nil { folders.append(folder) }
    entries[folder, default: []].append(entry)
  }

  /// Nobody is there to answer the queue's questions, but at a terminal those about existing files: what else would be
  /// asked fails.
  func requests(to target: Location, _ options: TransferOptions) -> [TransferRequest] {
    folders.map {
      TransferRequest(
        from: $0, entries[$0] ?? [], to: target, onConflict: options.onConflict, isAttended: false,
        asksConflicts: options.asksAtTerminal, verifies: options.verify,
        keepsPermissions: options.permissions == .keep)
    }
  }
}
