import FTP
import SystemPackage
import Transfers

/// What `update` wants done outside: the only way it has to do anything.
enum Effect: Hashable, Sendable {
  // Panes
  case list(Side, Place, generation: Int)
  /// Opens a session and then lists its folder; rows come as for `list`.
  case connect(Side, ConnectRequest, generation: Int)
  /// Gives up what a pane is waiting for.
  case cancel(Side)
  /// Closes the sessions with a server that no transfer needs.
  case disconnect(ServerAddress)
  case makeFolder(FileName, in: Place)
  case rename(FileName, to: FileName, in: Place)
  /// Counts what lies in folders, for a question about deleting them.
  case count([Entry], in: Place, ticket: Int)
  case delete([Entry], in: Place)
  /// The same through the queue, folders with everything in them.
  case queueDeletion([Entry], in: Place)
  case setPermissions(PermissionChange, [Entry], in: Place)

  // Questions
  case answerCertificate(Int, TrustDesk.Answer)
  /// Nil: nobody knows one.
  case answerPassword(Int, SecretBox?)
  /// Nil: nobody gives one.
  case answerPassphrase(Int, SecretBox?)

  // Client certificates
  case identity(IdentityTask)
  /// Puts a text into the clipboard of the terminal; `said` tells that, if it is not empty.
  case copy(String, said: String)

  case site(SiteChange)

  // Transfers
  case enqueue(TransferOrder)
  case queue(QueueCommand)
  /// Tells a person who looks elsewhere: a title, a sentence.
  case notify(String, String)
  /// Runs a command of the shell, which nobody waits for.
  case runCommand(String, WhenDone.Facts)

  // Trusted certificates
  case trust(TrustRequest)

  // Viewing and editing
  case read(Place, offset: Int64, count: Int, ticket: Int)
  /// Makes a file ready for an editor: a private copy where it is remote.
  case prepareEdit(Place, Entry)
  /// Gives the terminal to the editor.
  case runEditor(EditTask)
  /// Sends an edited copy back if it was changed, and removes it.
  case finishEdit(EditTask)

  // Synchronisation
  /// Compares two folders both ways.
  case compare(Place, Place, SyncRules.Comparison, ticket: Int)
  case cancelCompare
  case synchronize([SyncRow], Place, Place)

  // Sessions
  /// Reads what is kept of all sessions, and has it told when there is more.
  case readSessions
  /// Writes a new file of this machine.
  case save(text: String, as: FilePath)

  // The program
  case redraw
  case suspend
  case quit
}
