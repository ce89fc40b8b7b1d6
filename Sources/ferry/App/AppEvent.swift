import FTP
import FTPSClient
import Terminal
import Transfers

/// Everything that can happen, from the keyboard to the network: the one inbox.
enum AppEvent: Sendable {
  case terminal(Event)
  /// Some time has passed; sent only while `needsTicks`.
  case tick

  // Panes
  case rows(Side, generation: Int, Place, [Entry], isFirst: Bool)
  /// Rows that are there already, from an index in the order of their arrival on, now with size and time.
  case facts(Side, generation: Int, from: Int, [Entry])
  case listed(Side, generation: Int, ListingFacts)
  case listingFailed(Side, generation: Int, String)
  /// A session is open; the listing of `folder` follows under the same generation.
  case connected(Side, generation: Int, ServerAddress, folder: RemotePath)
  case linkChanged(ServerAddress, LinkFacts)
  /// Somebody changed what lies in a folder.
  case changed(Place)
  /// A change of files that `update` had asked for is through; `failure` is a sentence.
  case operationFinished(folder: Place, select: FileName?, said: String?, failure: String?)
  case counted(ticket: Int, TreeCount)

  // Questions
  case asked(Question)
  /// A question was settled elsewhere or does not matter any more.
  case certificateSettled(Int)
  case passwordSettled(Int)
  case passphraseSettled(Int)
  /// An item of the queue does not need an answer any more.
  case itemSettled(Int64)
  /// The content of both sides of an item's conflict was compared; a sentence, and whether it is the same where known.
  case compared(Int64, String, isSame: Bool?)

  // Transfers and the log
  /// What hangs on items that a person is asked about.
  case weighed(QueueSelection, QueueWeight)
  case queueChanged(QueueView)
  /// What was dropped somewhere else in the queue is there.
  case placed
  case logged(LogLine)
  /// What is kept of all sessions.
  case sessions([SessionRecord])
  /// Something has happened in a session since they were read.
  case sessionsMoved

  case foldersCompared(ticket: Int, [SyncRow])
  case compareFailed(ticket: Int, String)

  // Viewing and editing
  case chunk(ticket: Int, FileChunk)
  case readFailed(ticket: Int, String)
  case readyToEdit(EditTask)
  case edited(EditTask, failure: String?)

  // Trusted certificates
  case trusted(TrustOutcome)
  case trustFailed(String)

  case sitesChanged([SiteChoice])
  case identitiesChanged([IdentityRow])
  /// A new client certificate is there, under this name.
  case identityMade(String)
  /// A server turned us away for our certificate, or for the lack of one.
  case certificateRefused(PendingConnection, generation: Int, CertificateRefusal)
  /// A text is ready for the clipboard.
  case copyWanted(String, said: String)
  case said(String, isError: Bool)
}

/// What is known at the end of a listing.
struct ListingFacts: Hashable, Sendable {
  var freeBytes: Int64?
  var link: LinkFacts?
  /// A sentence about what could not be shown.
  var notice: String?
}

/// What lies below some folders.
struct TreeCount: Hashable, Sendable {
  var files = 0
  var folders = 0
  /// At most `Int64.max`: servers say any size, and a sum of theirs must not end the program.
  private(set) var bytes: Int64 = 0

  init(files: Int = 0, folders: Int = 0, bytes: Int64 = 0) {
    self.files = files
    self.folders = folders
    self.bytes = bytes
  }

  mutating func add(bytes more: Int64) {
    let (sum, isOver) = bytes.addingReportingOverflow(max(0, more))
    bytes = isOver ? .max : sum
  }

  /// The bytes of some files, counted in the same way.
  static func sum(_ sizes: [Int64]) -> Int64 {
    var count = TreeCount()
    for size in sizes { count.add(bytes: size) }
    return count.bytes
  }
}

/// Some bytes of a file.
struct FileChunk: Hashable, Sendable {
  var offset: Int64
  var bytes: [UInt8]
  /// Whether the file ends behind them.
  var isLast: Bool
}
