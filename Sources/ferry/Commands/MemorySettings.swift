import Glibc

/// How this process uses its heap.
enum MemorySettings {
  /// `mallopt(3)` and its parameters, which Glibc's module does not show.
  private static let trimThreshold: Int32 = -1
  private static let mmapThreshold: Int32 = -3

  /// Transfers take and give back buffers of 256 KiB thousands of times a second. By default glibc returns each to the
  /// system and gets it back page by page, which cost more than the decryption of what was in it.
  static func begin() {
    typealias Option = @convention(c) (Int32, Int32) -> Int32
    guard let symbol = dlsym(nil, "mallopt") else { return }
    let set = unsafeBitCast(symbol, to: Option.self)
    _ = set(mmapThreshold, 4 << 20)
    _ = set(trimThreshold, 8 << 20)
  }
}
