package import FTP
import SystemPackage

/// An absolute path on either side of a transfer, as bytes; the machine is its batch's to know.
///
/// The last components, as many as the item is deep, lie below the folder that a person chose.
package struct ItemPath: Hashable, Sendable {
  /// "/a/b", without empty components.
  package let bytes: [UInt8]

  package init(_ location: Location) { self.init(bytes: location.path) }

  /// - Parameter bytes: an absolute path. Repeated slashes are taken as one.
  package init(bytes: [UInt8]) {
    var clean: [UInt8] = []
    clean.reserveCapacity(bytes.count)
    for part in bytes.split(separator: Self.slash) {
      clean.append(Self.slash)
      clean += part
    }
    self.bytes = clean
  }

  private init(clean bytes: [UInt8]) { self.bytes = bytes }

  /// The path of something in this folder.
  package func appending(_ name: FileName) -> ItemPath {
    var bytes = bytes
    bytes.reserveCapacity(bytes.count + 1 + name.bytes.count)
    bytes.append(Self.slash)
    bytes += name.bytes
    return ItemPath(clean: bytes)
  }

  /// The last component. Items are never the root.
  package var name: FileName {
    guard let slash = bytes.lastIndex(of: Self.slash) else { preconditionFailure("the root is no item") }
    return FileName(checked: Array(bytes[(slash + 1)...]))
  }

  /// The same folder's other name.
  package func renamed(_ name: FileName) -> ItemPath { removingLast(1).appending(name) }

  /// How many components it has.
  package var depth: Int { bytes.count { $0 == Self.slash } }

  /// The path without its last components.
  package func removingLast(_ count: Int) -> ItemPath {
    var end = bytes.count
    for _ in 0..<count { end = bytes[..<end].lastIndex(of: Self.slash) ?? 0 }
    return ItemPath(clean: Array(bytes[..<end]))
  }

  /// The last components, at most as many as there are.
  package func names(last count: Int) -> [FileName] {
    // Local paths may hold "." and ".." above the chosen folder, but never among an item's own names.
    bytes.split(separator: Self.slash).suffix(count).map { FileName(checked: Array($0)) }
  }

  /// Whether it lies in a folder, at any depth.
  func isInside(_ folder: ItemPath) -> Bool {
    bytes.count > folder.bytes.count && bytes[folder.bytes.count] == Self.slash && bytes.starts(with: folder.bytes)
  }

  /// Whether it is what it says of itself: for bytes that come from outside the program's memory.
  func isSound(depth: Int, isRemote: Bool) -> Bool {
    let names = bytes.split(separator: Self.slash)
    guard depth >= 1, names.count >= depth, !bytes.contains(0) else { return false }
    guard names.suffix(depth).allSatisfy({ (try? FileName($0)) != nil }) else { return false }
    return !isRemote || names.allSatisfy { (try? FileName($0)) != nil }
  }

  var local: FilePath {
    let path = bytes.isEmpty ? [Self.slash] : bytes
    return (path + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CInterop.PlatformChar.self) { FilePath(platformString: $0.baseAddress!) }
    }
  }

  var remote: RemotePath {
    do { return try RemotePath(bytes.isEmpty ? [Self.slash] : bytes) } catch { preconditionFailure("\(error)") }
  }

  /// How people see it, escaped.
  package var text: String { bytes.isEmpty ? "/" : SafeText.escape(bytes) }

  private static let slash = UInt8(ascii: "/")
}
