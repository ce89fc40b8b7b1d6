import Glibc
package import SystemPackage

/// What a folder holds: every path inside it, with the SHA-256 of a file, or what else it is.
package struct TreeDigest: Equatable, Sendable {
  /// Keys are relative; values are 64 hexadecimal digits, `folder`, `link to …` or `something else`.
  package private(set) var entries: [FilePath: String] = [:]

  /// Reads a whole tree; 1 GiB takes about a second.
  package init(of folder: FilePath) async throws {
    var files: [FilePath] = []
    try collect(folder, "", &files)
    for start in stride(from: 0, to: files.count, by: 500) {
      let chunk = files[start..<min(start + 500, files.count)]
      // openssl uses the processor's SHA instructions, sha256sum of Debian 12 does not.
      let hash = Program(
        "openssl", ["dgst", "-sha256", "-r"] + chunk.map { "./" + $0.string }, folder: folder)
      let lines = try await hash.runSuccessfully(timeout: .seconds(300)).outputText.split(separator: "\n")
      guard lines.count == chunk.count else { throw TestFailure("not one line a file:\n\(lines)") }
      for (file, line) in zip(chunk, lines) {
        // A backslash in front says that the name after the digest is escaped.
        entries[file] = String(line.drop { $0 == "\\" }.prefix(64))
      }
    }
  }

  /// How many files it holds.
  package var fileCount: Int { entries.values.count { $0.count == 64 } }

  /// One line for each path that is not the same in both, at most 20 of them; empty where the trees agree.
  package func differences(from expected: TreeDigest) -> [String] {
    var lines: [String] = []
    for path in Set(entries.keys).union(expected.entries.keys).sorted(by: { $0.string < $1.string }) {
      switch (entries[path], expected.entries[path]) {
      case (let found?, let wanted?) where found != wanted: lines.append("\(path): \(found), expected \(wanted)")
      case (let found?, nil): lines.append("\(path): not expected (\(found))")
      case (nil, let wanted?): lines.append("\(path): missing (\(wanted))")
      default: break
      }
    }
    return lines.count <= 20 ? lines : lines.prefix(20) + ["and \(lines.count - 20) more"]
  }

  private mutating func collect(_ folder: FilePath, _ relative: FilePath, _ files: inout [FilePath]) throws {
    for name in try FileTree.names(in: folder) {
      let path = folder.appending(name)
      let inside = relative.appending(name)
      switch FileTree.facts(path).map({ $0.st_mode & S_IFMT }) {
      case S_IFREG: files.append(inside)
      case S_IFDIR:
        entries[inside] = "folder"
        try collect(path, inside, &files)
      case S_IFLNK: entries[inside] = "link to \(try FileTree.target(of: path))"
      default: entries[inside] = "something else"
      }
    }
  }
}
