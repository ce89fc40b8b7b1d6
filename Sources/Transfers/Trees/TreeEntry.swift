import FTP

/// What stands in a tree under a name, as far as it matters to whoever deletes it or changes it.
struct TreeEntry: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case file, folder
    /// A symbolic link, which is never followed.
    case link
    /// A folder, or a link to one.
    case perhapsFolder
  }

  let name: FileName
  let kind: Kind
}

extension TreeEntry {
  init(_ entry: ListingEntry) {
    self.init(name: entry.name, kind: Kind(entry.kind))
  }
}

extension TreeEntry.Kind {
  init(_ kind: ListingEntry.Kind) {
    self =
      switch kind {
      case .file, .other: .file
      case .directory: .folder
      case .symbolicLink: .link
      }
  }
}
