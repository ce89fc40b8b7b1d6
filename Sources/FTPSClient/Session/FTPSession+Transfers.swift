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
  /// - Throws: ``FTPSError``, or ``LocalFailure`` for an error of the sink.
  package func retrieve(
    _ path: RemotePath, from offset: Int64 = 0, into sink: some ByteSink
  ) async throws -> TransferReport {
    try await operation {
      let command = Command.retr(path)
      let transfer = try await startTransfer(command, restart: offset)
      var count: Int64 = 0
      while true {
        let chunk: ByteBuffer?
        do { chunk = try await transfer.data.next() } catch {
          throw await dataFailure(FTPSError(dataChannelError: error), transfer.pending)
        }
        guard let chunk else { break }
        count += Int64(chunk.readableBytes)
        do { try await sink.write(chunk) } catch {
          _ = await dataFailure(.cancelled, transfer.pending)
          throw LocalFailure(underlying: error)
        }
      }
      transfer.data.close()
      let wasResumed = transfer.data.facts?.isResumed ?? false
      let reply = try await completeTransfer(transfer, command)
      return TransferReport(bytes: count, wasResumed: wasResumed, reply: SafeText.escape(reply.text))
    }
  }

  /// Makes sure that the next data connection has a ticket to resume with, where the server hands them out.
  private func gatherTicket(from data: DataHandler) async {
    guard givesTickets, tickets.count == 0, let tls = data.facts, tls.isResumed, tls.version == "TLS 1.3" else {
      return
    }
    givesTickets = await data.ticketArrived(in: tickets, within: max(.milliseconds(50), facts.roundTrip * 4))
  }

  /// Uploads a file, or its rest from an offset (`REST` before `STOR`).
  ///
  /// Our half ends with close_notify; then the server's is awaited for a bounded time, and its 2xx. Without both, an
  /// upload under TLS 1.3 may lose its end (the server's unread tickets make a plain close reset the connection).
  ///
  /// - Throws: ``FTPSError``, or ``LocalFailure`` for an error of the source.
  package func store(
    _ path: RemotePath, from offset: Int64 = 0, source: some ByteSource
  ) async throws -> TransferReport {
    try await operation {
      let command = Command.stor(path)
      let transfer = try await startTransfer(command, restart: offset)
      var count: Int64 = 0
      while true {
        let chunk: ByteBuffer?
        do { chunk = try await source.read(upTo: Self.chunkSize) } catch {
          _ = await dataFailure(.cancelled, transfer.pending)
          throw LocalFailure(underlying: error)
        }
        guard let chunk else { break }
        do { try await transfer.data.write(chunk) } catch {
          throw await dataFailure(FTPSError(dataChannelError: error), transfer.pending)
        }
        count += Int64(chunk.readableBytes)
      }
      await gatherTicket(from: transfer.data)
      await transfer.data.finish(within: configuration.timeouts.stall)
      if let failure = transfer.data.failure, failure != .truncated {
        throw await dataFailure(failure, transfer.pending)
      }
      let wasResumed = transfer.data.facts?.isResumed ?? false
      let reply = try await completeTransfer(transfer, command)
      return TransferReport(bytes: count, wasResumed: wasResumed, reply: SafeText.escape(reply.text))
    }
  }
}
