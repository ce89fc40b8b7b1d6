import SystemPackage

/// What panes, the viewer and the editor need from a file system, here or on a server.
///
/// Every method throws; a `Complaint` is shown as it is, other errors by their description. None of them may block the
/// thread it is called on, and each ends soon after its task is cancelled.
protocol PaneService: Sendable {
  /// Lists a folder. Rows are handed over in pieces while they come, in any order.
  func list(_ folder: Place, onRows: @escaping @Sendable (RowUpdate) -> Void) async throws -> ListingFacts
  /// Makes one folder; its parent is there.
  func makeFolder(_ folder: Place) async throws
  /// Gives a file or folder another name in the same folder; never replaces anything.
  func rename(_ place: Place, to other: Place) async throws
  /// Counts what lies in some folders, without the folders themselves; links are not followed.
  func count(_ folders: [Entry], in folder: Place) async throws -> TreeCount
  /// Deletes files and links; what they lead to stays. Folders go through the queue.
  func delete(_ entries: [Entry], in folder: Place) async throws
  /// At most `count` bytes of a file from `offset` on.
  func read(_ file: Place, offset: Int64, count: Int) async throws -> FileChunk
  /// Writes a whole file into `path`, an empty file made for it. Gives its stamp from before that.
  func fetch(_ file: Place, into path: FilePath) async throws -> FileStamp?
}

/// What a listing has found.
enum RowUpdate: Sendable {
  /// Further rows.
  case rows([Entry])
  /// Rows that were handed over already, from an index of all of them on, now with size and time.
  case facts(from: Int, [Entry])
}

/// Why something did not work, as one sentence for people with what to do. Nothing in it is unescaped.
struct Complaint: Error, Hashable, CustomStringConvertible {
  var sentence: String

  init(_ sentence: String) { self.sentence = sentence }

  var description: String { sentence }
}
