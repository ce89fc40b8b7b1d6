import FTP
import Glibc

/// A call to the file system that failed: what was tried, on what, and the system's error.
package struct LocalFault: Error, Hashable, Sendable {
  /// What was tried.
  package enum Call: String, Hashable, Sendable {
    case open, create, read, write, flush, rename, remove, list, status, makeFolder, setTimes, setPermissions, truncate
  }

  package var call: Call
  /// The name or path it was tried on, escaped.
  package var path: String
  /// The system's `errno`.
  package var code: Int32
  /// Of a full disk: which, by its device number, where that is known.
  package var device: UInt64?

  package init(_ call: Call, _ path: String, code: Int32) {
    self.call = call
    self.path = path
    self.code = code
  }

  /// The fault of the call that has just failed on `name`.
  init(_ call: Call, _ name: FileName) {
    let code = errno
    self.init(call, SafeText.escape(name.bytes), code: code)
  }

  /// The volume has no room left, for anybody or for this user.
  package var isFull: Bool { code == ENOSPC || code == EDQUOT }
}

extension LocalFault: CustomStringConvertible {
  /// One sentence for people: what happened and, where there is something to do, what.
  package var description: String {
    switch code {
    case ENOSPC: "The disk is full, so \(quoted) could not be written; free some space and retry."
    case EDQUOT: "Your disk quota is used up, so \(quoted) could not be written; free some space and retry."
    case EROFS: "\(quoted) is on a disk that is mounted read-only."
    case EACCES, EPERM: "You have no permission to \(verb) \(quoted)."
    case ENOENT: "\(quoted) does not exist."
    case EEXIST: "\(quoted) exists already."
    case ENOTDIR: "\(quoted) is not a folder."
    case EISDIR: "\(quoted) is a folder."
    case ELOOP: "\(quoted) is a symbolic link, which is not followed here."
    case ENAMETOOLONG: "The name \(quoted) is too long for this disk."
    case EFBIG: "\(quoted) is too large for this disk, or for the limit that is set on files."
    default: "Ferry could not \(verb) \(quoted): \(String(cString: strerror(code)))."
    }
  }

  private var quoted: String { "\u{201C}\(path)\u{201D}" }

  private var verb: String {
    switch call {
    case .open, .read: "read"
    case .create: "create"
    case .write: "write to"
    case .flush: "flush"
    case .rename: "rename"
    case .remove: "remove"
    case .list: "list"
    case .status: "look at"
    case .makeFolder: "make the folder"
    case .setTimes: "set the time of"
    case .setPermissions: "set the permissions of"
    case .truncate: "shorten"
    }
  }
}
