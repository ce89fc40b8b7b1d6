import FTP
import SystemPackage
import Transfers

/// The transfer queue. What it is doing comes through the inbox (`AppEvent.queueChanged`), as do its questions.
protocol TransferService: Sendable {
  /// Takes an order into the journal. Returns before anything is transferred.
  func enqueue(_ order: TransferOrder) async throws
  func run(_ command: QueueCommand) async throws
  /// A person has connected to a server: what waits for that goes on.
  func reached(_ server: ServerAddress) async
  /// Takes the deletion of files, and of folders with everything in them, into the journal.
  func delete(_ entries: [Entry], in folder: Place) async throws
  /// Takes a change of permissions into the journal.
  func setPermissions(_ change: PermissionChange, of entries: [Entry], in folder: Place) async throws
  /// Replaces a file on a server by a local one, and returns when that is proved. Until then the file there is the old
  /// one, whole. Where it is not as it was `fetched` any more, a person is asked, also after a restart. Throws a
  /// `Complaint` where it came to nothing.
  func replace(_ file: Place, with path: FilePath, fetched: FileStamp?) async throws
  /// Those files on this machine, of some, that are still to be sent.
  func awaited(_ paths: [FilePath]) async throws -> Set<FilePath>
}
