import Glibc

/// Small texts such as themes and settings.
enum TextFile {
  private static let limit = 1 << 20

  /// The content of a file; nil where there is none, it is no UTF-8, or it is larger than any text of this kind.
  static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 { return nil }
      if count == 0 { return String(validating: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
      if bytes.count > limit { return nil }
    }
  }
}
