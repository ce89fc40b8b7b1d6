import FTP
import Transfers

/// Files and folders to be queued: copied, or moved, from one folder into another.
struct TransferOrder: Hashable, Sendable {
  /// The folder the names lie in.
  var source: Place
  var entries: [Entry]
  /// The folder they go to.
  var target: Place
  /// The name at the target, where one entry gets another; nil keeps the names.
  var newName: FileName?
  /// Whether the source is deleted once the target is complete.
  var isMove = false
  /// What happens where a target exists.
  var onConflict = ConflictPolicy.ask
  var priority = Priority.normal
  /// Whether the content is compared too, not only its length.
  var verifies = false
  /// Whether what goes to or from a server keeps its permissions.
  var keepsPermissions = false
}
