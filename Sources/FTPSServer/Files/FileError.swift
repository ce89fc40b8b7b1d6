package import SystemPackage

/// Why something in the shared folder cannot be done.
package enum FileError: Error, Hashable, Sendable {
  /// The operating system's reason.
  case system(Errno)
  /// A symbolic link leads out of the shared folder, or around in circles.
  case leavesRoot
  /// A folder, device, socket or queue where a regular file is needed.
  case notAFile
  case notAFolder
  /// The server shares the folder for reading only.
  case readOnly
  /// The shared folder itself cannot be removed or renamed.
  case isRoot
  /// An upload would have to start behind the end of the file.
  case offsetBehindEnd(size: Int64)

  /// One short sentence for a reply, without a full stop.
  var reason: String {
    switch self {
    case .system(.noSuchFileOrDirectory): "No such file or folder"
    case .system(.permissionDenied), .system(.notPermitted): "Permission denied"
    case .system(.fileExists): "It exists already"
    case .system(.notDirectory), .notAFolder: "Not a folder"
    case .system(.isDirectory), .notAFile: "Not a regular file"
    case .system(.directoryNotEmpty): "The folder is not empty"
    case .system(.fileNameTooLong): "The name is too long"
    case .system(.noSpace): "No space is left"
    case .system(.diskQuotaExceeded): "The quota is used up"
    case .system(.readOnlyFileSystem), .readOnly: "This server is read-only"
    case .system(.tooManySymbolicLinkLevels), .leavesRoot: "A symbolic link leads out of the shared folder"
    case .system(let error): error.description
    case .isRoot: "The shared folder itself stays"
    case .offsetBehindEnd(let size): "The file has only \(size) bytes"
    }
  }

  /// The reply's code: 452 where room is missing, 554 for a bad offset, 550 for the rest.
  var code: Int {
    switch self {
    case .system(.noSpace), .system(.diskQuotaExceeded): 452
    case .offsetBehindEnd: 554
    case .system, .leavesRoot, .notAFile, .notAFolder, .readOnly, .isRoot: 550
    }
  }
}
