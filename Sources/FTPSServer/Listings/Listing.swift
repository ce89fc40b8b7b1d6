import FTP
import NIOCore

/// Makes the lines of a listing, a portion at a time.
///
/// Used by one task at a time, on whichever thread of the pool; hence sendable.
final class Listing: @unchecked Sendable {
  enum Form: Hashable, Sendable {
    case facts(ListedFacts)
    /// LIST: as `ls -l`; `now` decides between the hour and the year.
    case long(now: Int64)
    /// NLST.
    case names
  }

  private enum Source {
    case folder(FolderReader, isWritable: Bool)
    case entries([FolderReader.Entry])
  }

  private let form: Form
  private let isReadOnly: Bool
  private var source: Source
  /// Entries whose names cannot be told, because a line would end within them.
  private(set) var unspeakable = 0

  /// How many entries make a portion: some 64 KiB.
  private static let portion = 512

  /// The entries of a folder.
  init(_ folder: OpenFile, form: Form, isReadOnly: Bool) throws(FileError) {
    let status = try folder.status()
    let isWritable = EntryLine(status: status, target: nil, isReadOnly: isReadOnly).allows(2)
    source = .folder(try FolderReader(folder), isWritable: isWritable)
    self.form = form
    self.isReadOnly = isReadOnly
  }

  /// One file, as LIST of a file gives it.
  init(_ entry: FolderReader.Entry, form: Form, isReadOnly: Bool) {
    source = .entries([entry])
    self.form = form
    self.isReadOnly = isReadOnly
  }

  /// The next lines; nil at the end.
  func next() throws(FileError) -> ByteBuffer? {
    let entries: [FolderReader.Entry]
    var isWritable = true
    switch source {
    case .folder(let reader, let writable):
      entries = try reader.next(Self.portion)
      isWritable = writable
    case .entries(let rest):
      entries = rest
      source = .entries([])
    }
    if entries.isEmpty { return nil }
    var buffer = ByteBufferAllocator().buffer(capacity: entries.count * 128)
    for entry in entries {
      if entry.name.bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
        unspeakable += 1
        continue
      }
      buffer.writeBytes(line(entry, isWritable))
      buffer.writeStaticString("\r\n")
    }
    return buffer
  }

  private func line(_ entry: FolderReader.Entry, _ isFolderWritable: Bool) -> [UInt8] {
    let line = EntryLine(
      status: entry.status, target: entry.target, isReadOnly: isReadOnly, isFolderWritable: isFolderWritable)
    return switch form {
    case .facts(let facts): line.facts(facts) + [UInt8(ascii: " ")] + entry.name.bytes
    case .long(let now): line.long(entry.name.bytes, now: now)
    case .names: entry.name.bytes
    }
  }
}
