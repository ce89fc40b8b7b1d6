/// What permission bits files and folders are to get.
package struct PermissionChange: Hashable, Sendable {
  /// What of a tree gets them.
  package enum Scope: String, Hashable, Sendable, CaseIterable { case all, files, folders }

  /// The lower twelve bits of a Unix mode.
  package var mode: UInt16
  /// Whether what lies in folders gets them, too.
  package var isRecursive: Bool
  package var scope: Scope
  /// Whether folders may also be entered by whoever may read them: 644 for files is 755 for folders then.
  package var opensFolders: Bool

  package init(mode: UInt16, isRecursive: Bool = false, scope: Scope = .all, opensFolders: Bool = false) {
    self.mode = mode & 0o7777
    self.isRecursive = isRecursive
    self.scope = scope
    self.opensFolders = opensFolders
  }

  /// The bits for a file or a folder; nil where it keeps its own.
  package func bits(forFolder isFolder: Bool) -> UInt16? {
    switch scope {
    case .files where isFolder, .folders where !isFolder: nil
    case .all, .files, .folders: isFolder && opensFolders ? mode | (mode & 0o444) >> 2 : mode
    }
  }
}

/// The journal's form.
extension PermissionChange {
  var journaled: String {
    let options = [isRecursive ? "recursive" : nil, opensFolders ? "enter" : nil].compactMap(\.self)
    return ([String(mode, radix: 8), scope.rawValue] + options).joined(separator: ",")
  }

  init?(journaled text: String) {
    let words = text.split(separator: ",")
    guard words.count >= 2, let mode = UInt16(words[0], radix: 8), let scope = Scope(rawValue: String(words[1])) else {
      return nil
    }
    self.init(
      mode: mode, isRecursive: words.contains("recursive"), scope: scope, opensFolders: words.contains("enter"))
  }
}
