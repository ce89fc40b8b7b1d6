package import FTP

/// Turns the contents of one folder into items: the planner of a tree, one folder at a time.
///
/// A folder is an item itself. Its job makes the folder at the target, lists the source, and what was found becomes items
/// behind it, in one step with the end of the job: so folders are there before their files, a tree is never known in
/// part, and a tree of any size is walked with as much memory as its largest folders need.
package enum FolderWalk {
  /// Folders within folders, counted from the one that a person chose.
  package static let depthLimit = 128
  /// Bytes of a path: what Linux takes (`PATH_MAX`, with its NUL).
  package static let pathLimit = 4_095

  /// The items for what a folder contains: files first, each kind ordered by the bytes of its names.
  ///
  /// - Parameters:
  ///   - entries: the folder's whole list. A name that comes twice is taken once, and the second one left out, said so.
  ///   - perhapsLinks: of its folders those that may be links to one (``FTPSClient/FolderList/perhapsLinks``): what is in
  ///     them is left alone, unless links are followed.
  ///   - needsFTPNames: whether the names have to be said in FTP commands.
  ///   - isRenamed: whether they get new names where they are, which links and devices can, too.
  package static func items(
    in folder: TransferItem, entries: [ListingEntry], perhapsLinks: Set<FileName> = [], followsLinks: Bool,
    needsFTPNames: Bool, isRenamed: Bool = false
  ) -> [NewItem] {
    var seen: Set<FileName> = []
    seen.reserveCapacity(entries.count)
    var folded: [FoldedName: Int] = [:]
    folded.reserveCapacity(entries.count)
    for entry in entries { folded[FoldedName(entry.name), default: 0] += 1 }
    let items = entries.map { entry in
      var item = item(
        entry, in: folder, followsLinks: followsLinks, needsFTPNames: needsFTPNames, isRenamed: isRenamed,
        isFirst: seen.insert(entry.name).inserted,
        isPerhapsLink: !followsLinks && perhapsLinks.contains(entry.name))
      item.collides = (folded[FoldedName(entry.name)] ?? 0) > 1
      return item
    }
    return items.filter { $0.kind == .file }.sorted { $0.source.bytes.lexicographicallyPrecedes($1.source.bytes) }
      + items.filter { $0.kind != .file }.sorted { $0.source.bytes.lexicographicallyPrecedes($1.source.bytes) }
  }

  /// What stands for entries whose names are not known: the folder once more, to be listed again where a person wants
  /// that. So nobody takes the folder for complete, and what is moved does not lose it.
  static func unclear(_ count: Int, in folder: TransferItem) -> NewItem {
    NewItem(
      kind: .folder, source: folder.source, target: folder.target, depth: folder.depth,
      state: failed(.entriesUnclear(folder.source.name, count: count)))
  }

  /// Why a link is left out.
  static let linkIsLeft = "A symbolic link, which is not followed."

  private static func item(
    _ entry: ListingEntry, in folder: TransferItem, followsLinks: Bool, needsFTPNames: Bool, isRenamed: Bool,
    isFirst: Bool, isPerhapsLink: Bool
  ) -> NewItem {
    let source = folder.source.appending(entry.name)
    let target = folder.target.appending(entry.name)
    var kind = TransferItem.Kind.file
    var state = ItemState.waiting
    switch entry.kind {
    case .file: break
    // A rename takes either as it is, and where that is refused what is unknown is not looked into.
    case .directory where isPerhapsLink:
      kind = isRenamed ? .unknown : .folder
      if !isRenamed { state = failed(.perhapsLink(entry.name)) }
    case .directory: kind = .folder
    case .symbolicLink:
      kind = .unknown
      if !followsLinks, !isRenamed { state = .skipped(linkIsLeft) }
    case .other: if isRenamed { kind = .unknown } else { state = failed(.notAFile(entry.name)) }
    }
    if needsFTPNames, !entry.name.isCarriedByFTP { state = failed(.unsuitableName(entry.name)) }
    if folder.depth >= depthLimit || max(source.bytes.count, target.bytes.count) > pathLimit {
      state = failed(.tooDeep(entry.name))
    }
    if !isFirst { state = .skipped("The name comes twice in the list of its folder.") }
    var item = NewItem(
      kind: kind, source: source, target: target, depth: folder.depth + 1, size: kind == .file ? entry.size : nil,
      modified: kind == .file ? entry.modified : nil, identity: kind == .file ? entry.unique : nil, state: state)
    if kind != .unknown { item.permissions = entry.permissions }
    return item
  }

  private static func failed(_ error: TransferError) -> ItemState { .failed(TransferFailure(error)) }
}

extension FileName {
  /// Whether a command can hold the name: CR and LF would end it (RFC 959 section 5.3).
  package var isCarriedByFTP: Bool { !bytes.contains(0x0A) && !bytes.contains(0x0D) }
}
