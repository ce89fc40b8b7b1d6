import FTP
import SystemPackage

/// A file on its way through an editor.
struct EditTask: Hashable, Sendable {
  /// The file as the pane knows it.
  var file: Place
  /// What the editor opens: the file itself, or a private copy of a remote one.
  var path: FilePath
  /// The copy as it was before: its modification time in nanoseconds and its size. Nil for a local file.
  var before: Stamp?

  struct Stamp: Hashable, Sendable {
    var modified: Int64
    var size: Int64
  }
}
