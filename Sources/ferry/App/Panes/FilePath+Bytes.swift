import FTP
import SystemPackage

extension FilePath {
  /// The path of these bytes, which contain no NUL.
  init(bytes: some Collection<UInt8>) {
    let platform = bytes.map { CInterop.PlatformChar(bitPattern: $0) } + [0]
    self = platform.withUnsafeBufferPointer { FilePath(platformString: $0.baseAddress!) }
  }

  /// The bytes without a NUL at the end.
  var bytes: [UInt8] {
    withPlatformString { pointer in
      var bytes: [UInt8] = []
      var next = pointer
      while next.pointee != 0 {
        bytes.append(UInt8(bitPattern: next.pointee))
        next += 1
      }
      return bytes
    }
  }

  /// The path with one more component of any bytes.
  func appending(_ name: FileName) -> FilePath {
    var bytes = bytes
    if bytes.last != UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
    return FilePath(bytes: bytes + name.bytes)
  }

  /// Whether there is nothing above.
  var isRoot: Bool { components.isEmpty }

  /// The last component; nil at the root and after `..`.
  var fileName: FileName? {
    let bytes = bytes
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return try? FileName(bytes) }
    return try? FileName(bytes[(slash + 1)...])
  }
}
