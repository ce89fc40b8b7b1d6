import FTP
import FTPSClient
import NIOCore

/// Bytes from one local file to another.
enum LocalCopy {
  private static let chunkSize = 1 << 20

  /// Copies the first bytes of a file; on a thread of the disk.
  static func copy(
    _ source: OpenFile, to target: OpenFile, count: Int64, _ files: any LocalFiles
  ) throws(LocalFault) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 16)
    defer { memory.deallocate() }
    var offset: Int64 = 0
    while offset < count {
      let room = UnsafeMutableRawBufferPointer(rebasing: memory[..<Int(min(Int64(chunkSize), count - offset))])
      let read = try files.read(into: room, from: source, at: offset)
      if read == 0 { return }
      try files.write(UnsafeRawBufferPointer(rebasing: room[..<read]), to: target, at: offset)
      offset += Int64(read)
    }
  }

  /// Moves all that a source gives into a sink.
  ///
  /// - Parameter name: of the source.
  static func pump(_ source: FileSource, into sink: some ByteSink, named name: FileName) async throws {
    while let chunk = try await source.read(upTo: chunkSize) {
      try Task.checkCancellation()
      try await sink.write(chunk)
    }
    guard try await source.isUnchanged() else { throw TransferError.sourceChanged(name) }
  }
}
