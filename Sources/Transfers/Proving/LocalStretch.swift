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

  /// Whether two files have the same first bytes, all of `count` of them; on a thread of the disk.
  static func isSame(
    _ one: OpenFile, _ other: OpenFile, count: Int64, _ files: any LocalFiles
  ) throws(LocalFault) -> Bool {
    var position: Int64 = 0
    while position < count {
      let length = Int(min(1 << 20, count - position))
      let stretch = try read(one, at: position, count: length, files)
      guard stretch.count == length, stretch == (try read(other, at: position, count: length, files)) else {
        return false
      }
      position += Int64(length)
    }
    return true
  }
}
