package import FTP

/// Which names take part in a comparison. What is left out is neither copied nor deleted.
package struct SyncFilter: Hashable, Sendable {
  private let included: [Pattern]
  private let excluded: [Pattern]

  private struct Pattern: Hashable, Sendable {
    var glob: Glob
    /// It holds a slash: then it is for whole paths.
    var isPath: Bool

    init(_ text: String) {
      let isPath = text.utf8.dropLast().contains(UInt8(ascii: "/"))
      // A slash at the ends is how people mark folders and the top of the tree.
      var bytes = Array(text.utf8)[...]
      if bytes.first == UInt8(ascii: "/") { bytes.removeFirst() }
      if bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
      glob = Glob(String(decoding: bytes, as: UTF8.self))
      self.isPath = isPath
    }

    func matches(_ path: [FileName]) -> Bool {
      let bytes = isPath ? Array(path.map(\.bytes).joined(separator: [UInt8(ascii: "/")])) : path.last?.bytes ?? []
      return glob.matches(bytes)
    }
  }

  /// - Parameters:
  ///   - including: patterns of which a file has to match one; none includes all.
  ///   - excluding: patterns of files and folders that are left out, which come before the others.
  ///
  /// A pattern with a slash in it is for a path below the top, any other for a name at any depth.
  package init(including: [String] = [], excluding: [String] = []) {
    included = including.map(Pattern.init)
    excluded = excluding.map(Pattern.init)
  }

  package func admits(_ path: [FileName], isFolder: Bool) -> Bool {
    if excluded.contains(where: { $0.matches(path) }) { return false }
    return isFolder || included.isEmpty || included.contains { $0.matches(path) }
  }
}
