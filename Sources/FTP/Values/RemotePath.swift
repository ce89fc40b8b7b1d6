/// An absolute path on a server: "/" between components, none of them empty, "." or "..".
package struct RemotePath: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// "/" or "/a/b", never with a slash at the end.
  package let bytes: [UInt8]

  package static let root = RemotePath(unchecked: [slash])

  /// Repeated slashes, "." and ".." are resolved without asking the server; ".." at the root stays there.
  /// Throws `FTPError.relativePath` where the first byte is no slash, `FTPError.invalidName` for NUL.
  package init(_ bytes: some Collection<UInt8>) throws(FTPError) {
    guard bytes.first == Self.slash else { throw .relativePath(SafeText.excerpt(bytes)) }
    self = try Self.root.resolving(bytes)
  }

  /// The same without a detour for the many that are resolved already, such as one for each file of a tree.
  package init(_ bytes: [UInt8]) throws(FTPError) {
    if bytes.first == Self.slash, Self.isResolved(bytes.span) {
      self.init(unchecked: bytes)
    } else {
      try self.init(bytes[...])
    }
  }

  /// Whether an absolute path is as `bytes` is.
  private static func isResolved(_ path: Span<UInt8>) -> Bool {
    var (length, dots) = (0, 0)
    for index in 1..<path.count {
      let byte = path[index]
      if byte == slash {
        if length == dots && length < 3 { return false }
        (length, dots) = (0, 0)
      } else {
        if byte == 0 { return false }
        length += 1
        if byte == UInt8(ascii: ".") { dots += 1 }
      }
    }
    return length > 0 && !(length == dots && length < 3)
  }

  /// The same for the UTF-8 of `text`.
  package init(_ text: String) throws(FTPError) {
    try self.init(text.utf8)
  }

  private init(unchecked bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// From the root down; empty for the root.
  package var components: [FileName] {
    bytes.split(separator: Self.slash).map { FileName(unchecked: Array($0)) }
  }

  /// The last component; nil for the root.
  package var name: FileName? {
    guard let last = bytes.lastIndex(of: Self.slash), last + 1 < bytes.count else { return nil }
    return FileName(unchecked: Array(bytes[(last + 1)...]))
  }

  /// The folder above; nil for the root.
  package var parent: RemotePath? {
    guard bytes.count > 1, let last = bytes.lastIndex(of: Self.slash) else { return nil }
    return last == 0 ? .root : RemotePath(unchecked: Array(bytes[..<last]))
  }

  package func appending(_ name: FileName) -> RemotePath {
    appending(CollectionOfOne(name))
  }

  package func appending(_ names: some Collection<FileName>) -> RemotePath {
    var result = bytes.count == 1 ? [] : bytes
    for name in names {
      result.append(Self.slash)
      result += name.bytes
    }
    return result.isEmpty ? self : RemotePath(unchecked: result)
  }

  /// What `path` means to somebody who stands in this folder: an absolute path itself, a relative one below here.
  /// Throws `FTPError.invalidName` for NUL.
  package func resolving(_ path: some Collection<UInt8>) throws(FTPError) -> RemotePath {
    var names = path.first == Self.slash ? [] : components
    for part in path.split(separator: Self.slash) {
      if part.elementsEqual(".".utf8) { continue }
      if part.elementsEqual("..".utf8) {
        _ = names.popLast()
      } else {
        names.append(try FileName(part))
      }
    }
    return Self.root.appending(names)
  }

  /// Whether this lies below `folder`, at any depth. A path is not inside itself.
  package func isInside(_ folder: RemotePath) -> Bool {
    let prefix = folder.bytes.count == 1 ? 0 : folder.bytes.count
    return bytes.count > prefix + 1 && bytes[prefix] == Self.slash && bytes.starts(with: folder.bytes[..<prefix])
  }

  /// Decoded as UTF-8 with U+FFFD for what is not UTF-8: for showing only, and not safe for a terminal as it is.
  package var text: String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The path with everything invisible escaped.
  package var description: String {
    SafeText.escape(bytes)
  }

  /// By bytes, so that the order is the same everywhere.
  package static func < (left: RemotePath, right: RemotePath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  private static let slash = UInt8(ascii: "/")
}
