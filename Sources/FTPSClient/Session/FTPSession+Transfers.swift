package import FTP
import NIOCore
import TLS
import TLSChannel

extension FTPSession {
  /// Bytes read from a source at a time: many TLS records, so that a chunk costs one turn of the event loop.
  private static let chunkSize = 256 << 10

  /// Downloads a file, or its rest from an offset.
  ///
  /// Returns only when the data ended with close_notify *and* the server said 2xx; whether all of the file came is for
  /// the caller to check, who knows its size.
  ///
  /// - Throws: ``FTPSError``, or ``LocalFailure`` for an error of the sink. ``FTPSError/unconfirmed(_:)`` where all data
  ///   came in order, but no reply: the sink has them.
  package func retrieve(
    _ path: RemotePath, from offset: Int64 = 0, isFollowed: Bool = false, into sink: some ByteSink
  ) async throws -> TransferReport {
    try await operation {
      let (count, reply, _) = try await transfer(.download, .retr(path), restart: offset, isFollowed: isFollowed) {
        data in
        var count: Int64 = 0
        while let chunk = try await data.next() {
          count += Int64(chunk.readableBytes)
          do { try await give(chunk, to: sink) } catch { throw LocalFailure(underlying: error) }
        }
        data.close()
        return count
      }
      return TransferReport(bytes: count, wasResumed: dataWasResumed ?? false, reply: SafeText.escape(reply.text))
    }
  }

  /// Uploads a file, or its rest from an offset (`REST` before `STOR`).
  ///
  /// Our half ends with close_notify; then the server's is awaited for a bounded time, and its 2xx. Without both, an
  /// upload under TLS 1.3 may lose its end (the server's unread tickets make a plain close reset the connection).
  /// An upload that is given up ends with a reset, so that the server does not take it for whole.
  ///
  /// - Throws: ``FTPSError``, or ``LocalFailure`` for an error of the source. ``FTPSError/unconfirmed(_:)`` where all
  ///   data went out in order, but no reply came: the server may have them.
  package func store(
    _ path: RemotePath, from offset: Int64 = 0, isFollowed: Bool = false, source: some ByteSource
  ) async throws -> TransferReport {
    try await send(.stor(path), from: offset, isFollowed: isFollowed, source)
  }

  /// Adds to the end of a file, wherever that is: for servers that take no `REST` before `STOR`. Whoever uses it has
  /// just asked how long the file is (a repeated `APPE` doubles what it adds).
  ///
  /// - Throws: as ``store(_:from:source:)``.
  package func append(_ path: RemotePath, source: some ByteSource) async throws -> TransferReport {
    try await send(.appe(path), from: 0, isFollowed: false, source)
  }

  private func send(
    _ command: Command, from offset: Int64, isFollowed: Bool, _ source: some ByteSource
  ) async throws -> TransferReport {
    try await operation {
      let (count, reply, _) = try await transfer(.upload, command, restart: offset, isFollowed: isFollowed) { data in
        var count: Int64 = 0
        while true {
          let chunk: ByteBuffer?
          do { chunk = try await read(from: source) } catch { throw LocalFailure(underlying: error) }
          guard let chunk else { break }
          try await data.write(chunk)
          count += Int64(chunk.readableBytes)
        }
        try await data.finish(within: configuration.timeouts.stall)
        return count
      }
      return TransferReport(bytes: count, wasResumed: dataWasResumed ?? false, reply: SafeText.escape(reply.text))
    }
  }

  // MARK: Speed

  /// Hands a chunk on, in pieces where a limit has to be kept: what is not taken stays in the server's window.
  private func give(_ chunk: ByteBuffer, to sink: some ByteSink) async throws {
    guard let pacer = configuration.pacer, pacer.grain < .max else { return try await sink.write(chunk) }
    var rest = chunk
    while let piece = rest.readSlice(length: min(rest.readableBytes, pacer.grain)), piece.readableBytes > 0 {
      try await pacer.pass(piece.readableBytes)
      try await sink.write(piece)
    }
  }

  private func read(from source: some ByteSource) async throws -> ByteBuffer? {
    guard let pacer = configuration.pacer, pacer.grain < .max, !source.isPaced else {
      return try await source.read(upTo: Self.chunkSize)
    }
    guard let piece = try await source.read(upTo: min(Self.chunkSize, pacer.grain)) else { return nil }
    try await pacer.pass(piece.readableBytes)
    return piece
  }
}
