import FTP
import NIOCore

/// RETR, STOR and APPE. At most two portions of a file are in memory, besides what the sockets hold.
extension ControlConnection {
  func retrieve(_ path: RemotePath) async throws {
    let start = restart
    restart = 0
    guard await isReadyForData() else { return }
    let (file, size) = try await shared.run { folder throws(FileError) in
      let file = try folder.openFile(path)
      return (file, try file.status().size)
    }
    guard start <= size else { throw FileError.offsetBehindEnd(size: size) }
    await transfer(ServerReply(150, "\(size - start) bytes follow")) { data in
      let end = try await send(file, from: start, to: data)
      try await data.finishSending(within: shared.configuration.limits.closing)
      log(.sent(path, bytes: end - start))
      return "\(end - start) bytes sent"
    }
  }

  /// Sends to the end of the file and gives where that was.
  private func send(_ file: OpenFile, from start: Int64, to data: DataHandler) async throws -> Int64 {
    var offset = start
    var next = read(file, at: offset)
    while true {
      let portion = try await next.get()
      guard portion.readableBytes > 0 else { return offset }
      offset += Int64(portion.readableBytes)
      // The disk works while the network does.
      next = read(file, at: offset)
      try await pass(portion.readableBytes)
      try await data.write(portion)
    }
  }

  private func read(_ file: OpenFile, at offset: Int64) -> EventLoopFuture<ByteBuffer> {
    let portion = shared.portion
    return shared.start(on: eventLoop) { () throws(FileError) in try file.read(portion, at: offset) }
  }

  /// Waits until so many bytes may move.
  private func pass(_ count: Int) async throws {
    let delay = shared.delay(for: count)
    if delay > .zero { try await eventLoop.scheduleTask(in: delay) {}.futureResult.get() }
  }

  func store(_ path: RemotePath, appending: Bool) async throws {
    let wanted = restart
    restart = 0
    guard await isReadyForData() else { return }
    let (existing, size) = try await shared.run { folder throws(FileError) in
      let existing = try folder.existingForWriting(path)
      return (existing, try existing?.status().size ?? 0)
    }
    let start = appending ? size : wanted
    guard start <= size else { throw FileError.offsetBehindEnd(size: size) }
    await transfer(ServerReply(150, "Send it")) { data in
      // What is there goes only now, and what is not there is made, when the data connection has proved to be the
      // client's: one that never comes leaves nothing behind.
      let file = try await shared.run { folder throws(FileError) in
        let file = if let existing { existing } else { try folder.openForWriting(path) }
        if appending { try file.appendOnly() } else { try file.truncate(to: start) }
        return file
      }
      let end = try await receive(file, from: start, data)
      data.close()
      log(.received(path, bytes: end - start))
      return "\(end - start) bytes received"
    }
  }

  /// Writes what comes until the client's close_notify, and gives where the file ends then.
  private func receive(_ file: OpenFile, from start: Int64, _ data: DataHandler) async throws -> Int64 {
    var offset = start
    while let portion = try await data.next() {
      try await pass(portion.readableBytes)
      let position = offset
      offset += Int64(portion.readableBytes)
      // Meanwhile the handler gathers the next portions, up to its limit.
      try await shared.run { _ throws(FileError) in try file.write(portion, at: position) }
    }
    return offset
  }
}
