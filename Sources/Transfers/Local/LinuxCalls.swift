import Glibc

/// Calls of Linux that Glibc's module does not show, because its headers keep them behind `_GNU_SOURCE`. Looked up when
/// first used; where one is missing, its caller does without.
enum LinuxCalls {
  /// For `futimens`: the time stays as it is.
  static let omittedTime = 0x3FFF_FFFE

  private typealias RenameAt2 =
    @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
  private typealias SyncFileRange = @convention(c) (Int32, Int64, Int64, UInt32) -> Int32

  private static let renameAt2: RenameAt2? = call("renameat2").map { unsafeBitCast($0, to: RenameAt2.self) }
  private static let syncFileRange: SyncFileRange? = call("sync_file_range").map {
    unsafeBitCast($0, to: SyncFileRange.self)
  }

  /// `renameat2` with `RENAME_NOREPLACE`: fails with `EEXIST` where the new name is taken, and with `EINVAL` where the
  /// file system cannot do that.
  static func renameWithoutReplacing(
    _ folder: Int32, _ name: UnsafePointer<CChar>, _ newFolder: Int32, _ newName: UnsafePointer<CChar>
  ) -> Int32 {
    guard let renameAt2 else {
      errno = EINVAL
      return -1
    }
    return renameAt2(folder, name, newFolder, newName, 1)
  }

  /// `sync_file_range` with `SYNC_FILE_RANGE_WRITE`.
  static func startWriting(_ file: Int32, from offset: Int64, count: Int64) {
    _ = syncFileRange?(file, offset, count, 2)
  }

  private static func call(_ name: String) -> UnsafeMutableRawPointer? { dlsym(nil, name) }
}
