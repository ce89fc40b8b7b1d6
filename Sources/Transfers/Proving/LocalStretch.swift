/// A few bytes out of the middle of a local file.
enum LocalStretch {
  /// Reads a stretch; on a thread of the disk. Shorter where the file ends.
  static func read(
    _ file: OpenFile, at start: Int64, count: Int, _ files: any LocalFiles
  ) throws(LocalFault) -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 16)
    defer { memory.deallocate() }
    var done = 0
    while done < count {
      let room = UnsafeMutableRawBufferPointer(rebasing: memory[done..<count])
      let read = try files.read(into: room, from: file, at: start + Int64(done))
      if read == 0 { break }
      done += read
    }
    return Array(memory[..<done])
  }
}
