import FTP
import Glibc
import SystemPackage

/// What the system says, as sentences with what to do.
enum LocalError {
  static func complaint(_ verb: String, _ path: FilePath, _ number: Int32) -> Complaint {
    Complaint("Ferry cannot \(verb) “\(SafeText.escape(path.bytes))”: \(reason(number))")
  }

  private static func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: "it does not exist any more. Ctrl-R reads the folder again."
    case EACCES, EPERM: "you are not allowed to. Ask its owner, or change its permissions."
    case EEXIST, ENOTEMPTY: "something of that name is there already. Choose another name."
    case ENOSPC, EDQUOT: "there is no space left. Delete something first."
    case EROFS: "the file system is read-only."
    case ENOTDIR: "it is not a folder."
    case ENAMETOOLONG: "the name is too long. Choose a shorter one."
    case ELOOP: "its links lead round in a circle."
    case EMFILE, ENFILE: "too many files are open, or the folders are nested too deeply."
    default: String(cString: strerror(number)) + "."
    }
  }
}
