package import FTP
package import FTPSClient

/// Why an item could not be transferred, or not yet.
package enum TransferError: Error, Equatable, Sendable {
  /// The local file system refused.
  case local(LocalFault)
  /// The server or the connection to it refused.
  case session(FTPSError)
  /// No session with the server could be had.
  case server(ServerAddress, FTPSError)
  /// No password is known for the server: thrown by a ``SessionProvider``, so that a person is asked.
  case credentialsNeeded(ServerAddress)
  /// A name that holds a byte which FTP cannot carry.
  case unsuitableName(FileName)
  /// What was to be transferred is not there.
  case sourceMissing(FileName)
  /// Neither a file nor a folder: a device, a socket, a FIFO.
  case notAFile(FileName)
  /// There are more, or fewer, bytes than were told.
  case lengthDiffers(expected: Int64, found: Int64)
  /// As many bytes as were expected, but others.
  case contentDiffers(FileName)
  /// What stands at the target cannot be shown to be the beginning of the source, so nothing is added to it.
  case notTheBeginning(FileName)
  /// The source was changed while it was being read.
  case sourceChanged(FileName)
  /// The server does not let what an earlier attempt sent be gone on with, or removed, yet.
  case partIsHeld(FileName)
  /// A folder stands where the file is to go.
  case targetIsFolder(FileName)
  /// Something that is no folder stands where the folder is to go.
  case targetIsNoFolder(FileName)
  /// The target exists, and nobody is there to be asked what to do.
  case targetExists(FileName)
  /// The target takes this name and another one of the same folder for one.
  case nameCollides(FileName, with: FileName)
  /// The folders are nested deeper than ``FolderWalk/depthLimit``, or within themselves.
  case tooDeep(FileName)
  /// The server's list of a folder was cut off.
  case listingIncomplete(FileName)
  /// So many lines of a folder's list were not understood, and what they are about was left out.
  case entriesUnclear(FileName, count: Int)
  /// Everything is there, but the source, which was to be moved, could not be removed.
  case sourceNotRemoved(FileName, reason: String)
  /// The journal could not be written; why.
  case journal(String)
  /// Another running copy of the program works on it.
  case takenElsewhere
  /// Source and target are one and the same.
  case targetIsSource(FileName)
  /// A folder was to be brought to a place within itself.
  case folderIntoItself(FileName)
  /// A symbolic link, whose permissions cannot be changed.
  case linkHasNoPermissions(FileName)
  /// Nobody can tell whether it is a folder or a link to one, so that what is in it is not touched.
  case perhapsLink(FileName)
  /// What was to be removed is not what was listed any more.
  case changedSince(FileName)
  /// Given up on request.
  case cancelled

  /// Anything that a job may throw, as one of these.
  package init(_ error: any Error) {
    switch error {
    case let error as TransferError: self = error
    case let error as LocalFault: self = .local(error)
    case let error as LocalFailure: self.init(error.underlying)
    case let error as FTPSError: self = error == .cancelled ? .cancelled : .session(error)
    case let error as FTPError: self = .session(.malformed(error))
    case is CancellationError: self = .cancelled
    default: self = .session(.closed("\(error)"))
    }
  }
}

extension TransferError: CustomStringConvertible {
  /// One sentence for people.
  package var description: String {
    switch self {
    case .local(let fault): "\(fault)"
    case .session(let error), .server(_, let error): "\(error)"
    case .credentialsNeeded(let server): "The password for \(server) is not known."
    case .unsuitableName(let name):
      "The name \(quoted(name)) holds a line break or another byte that FTP cannot carry; rename it and retry."
    case .sourceMissing(let name): "\(quoted(name)) is not there any more."
    case .notAFile(let name): "\(quoted(name)) is neither a file nor a folder, so it is left out."
    case .lengthDiffers(let expected, let found):
      "\(found) bytes arrived where \(expected) were expected."
    case .contentDiffers(let name):
      "What arrived of \(quoted(name)) is not what was sent, so it was removed; retry, and check the disks of both sides."
    case .notTheBeginning(let name):
      "\(quoted(name)) could not be shown to be the beginning of the source, so nothing was added to it."
    case .sourceChanged(let name): "\(quoted(name)) was changed while it was being transferred."
    case .partIsHeld(let name):
      "The server still holds what it had got of \(quoted(name)) before, so it is sent anew."
    case .targetIsFolder(let name): "A folder named \(quoted(name)) is in the way."
    case .targetIsNoFolder(let name): "Something named \(quoted(name)) that is no folder is in the way."
    case .targetExists(let name): "\(quoted(name)) exists already."
    case .nameCollides(let name, let other):
      "\(quoted(name)) and \(quoted(other)) are one name over there, so only the latter is kept; rename one and retry."
    case .tooDeep(let name):
      "\(quoted(name)) is nested deeper than \(FolderWalk.depthLimit) folders, so it is left out."
    case .listingIncomplete(let name): "The server's list of \(quoted(name)) is not complete."
    case .entriesUnclear(let name, let count):
      "\(count) \(count == 1 ? "line" : "lines") of the server's list of \(quoted(name)) could not be understood, so "
        + "not everything in it was transferred."
    case .sourceNotRemoved(let name, let reason): "\(quoted(name)) was copied, but could not be removed: \(reason)"
    case .journal(let reason): "The queue could not be kept on disk: \(reason)"
    case .takenElsewhere: "Another running copy of Ferry has taken it over: look there, or in ferry queue list."
    case .targetIsSource(let name): "\(quoted(name)) cannot be brought to where it is already."
    case .folderIntoItself(let name): "\(quoted(name)) cannot go into itself: choose a folder outside of it."
    case .perhapsLink(let name):
      "The server does not tell whether \(quoted(name)) is a folder or a link to one, so nothing was done to it."
    case .changedSince(let name):
      "\(quoted(name)) was changed since it was compared, so it was not deleted; compare again."
    case .linkHasNoPermissions(let name):
      "\(quoted(name)) is a symbolic link, which has no permissions of its own: change what it leads to."
    case .cancelled: "Cancelled."
    }
  }

  private func quoted(_ name: FileName) -> String { "\u{201C}\(SafeText.escape(name.bytes))\u{201D}" }
}
