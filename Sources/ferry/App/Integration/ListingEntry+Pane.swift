import FTP
import FTPSClient
import TLSChannel

extension Entry {
  /// A line of a server's listing.
  init(_ entry: ListingEntry) {
    let kind: Kind =
      switch entry.kind {
      case .file: .file
      case .directory: .folder
      case .symbolicLink(let target): target?.last == UInt8(ascii: "/") ? .folderLink : .link
      case .other: .special
      }
    self.init(
      name: entry.name, kind: kind, size: kind == .folder ? nil : entry.size, modified: entry.modified,
      permissions: entry.permissions)
  }
}

extension LinkFacts {
  /// What the footer of a pane says about a session.
  init(_ facts: SessionFacts, isDataResumed: Bool?) {
    let (seconds, attoseconds) = facts.roundTrip.components
    self.init(
      tlsVersion: facts.tls?.version, isDataResumed: isDataResumed,
      roundTrip: Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000))
  }
}
