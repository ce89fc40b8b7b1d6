import FTP
import SystemPackage

/// A file on its way through an editor.
struct EditTask: Hashable, Sendable {
  /// The file as the pane knows it.
  var file: Place
  /// What the editor opens: the file itself, or a private copy of a remote one.
  var path: FilePath
  /// The copy as it was before. Nil for a local file.
  var before: FileStamp?
  /// The file on the server as it was when it was fetched; nil where that could not be told.
  var fetched: FileStamp?
  /// Whether the editor came back so soon that it may have only handed the file to a window of its own.
  var wasBrief = false
}
