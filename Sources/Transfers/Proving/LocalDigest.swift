import FTP

/// Digests of what is on this machine's disk.
enum LocalDigest {
  private static let chunkSize = 1 << 20

  /// Takes the first bytes of an open file into a digest; on a thread of the disk. Less than `count` where the file is
  /// shorter.
  static func add(_ count: Int64, of file: OpenFile, to digest: ContentDigest, _ files: any LocalFiles)
    throws(LocalFault)
  {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 16)
    defer { memory.deallocate() }
    var offset: Int64 = 0
    while offset < count {
      let room = UnsafeMutableRawBufferPointer(rebasing: memory[..<Int(min(Int64(chunkSize), count - offset))])
      let read = try files.read(into: room, from: file, at: offset)
      if read == 0 { return }
      digest.update(UnsafeRawBufferPointer(rebasing: room[..<read]))
      offset += Int64(read)
    }
  }
}
