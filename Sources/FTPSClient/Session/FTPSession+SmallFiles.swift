import FTP
import NIOCore

/// Many small files in one go. What is asked of the server after one file, its time, its size, its name, travels together
/// with the beginning of the next one, so that each takes the round trips of its data connection and no more.
extension FTPSession {
  /// Downloads files one after another; each result is handed over as soon as it is known, on the session's event loop.
  ///
  /// A content comes with the same proof as that of ``retrieve(_:from:isFollowed:into:)``. A file that fails is no reason
  /// not to try the next one, as long as the session is in step.
  ///
  /// - Parameter isWanted: asked before each; one that is not wanted has no result.
  /// - Throws: ``FTPSError`` if the session has ended; files without a result were not transferred.
  package func retrieve(
    _ files: [SmallDownload], isWanted: @escaping @Sendable (Int) -> Bool = { _ in true },
    onResult: @escaping @Sendable (Int, Result<SmallContent, SmallFailure>) -> Void
  ) async throws {
    try await operation {
      for (index, file) in files.enumerated() where isWanted(index) {
        do {
          onResult(index, .success(try await content(of: file)))
        } catch is LocalFailure {
          onResult(index, .failure(.tooLong))
        } catch let error as FTPSError where error.isSessionUsable && control.failure == nil {
          onResult(index, .failure(.session(error)))
        }
      }
    }
  }

  private func content(of file: SmallDownload) async throws -> SmallContent {
    let questions = file.wantsTime && facts.features.mdtm ? [Command.mdtm(file.path)] : []
    let (bytes, _, answers) = try await transfer(.download, .retr(file.path), asking: questions, isFollowed: true) {
      data in
      var bytes = ByteBuffer()
      while var chunk = try await data.next() {
        guard bytes.readableBytes + chunk.readableBytes <= file.limit else { throw LocalFailure(underlying: TooLong()) }
        try await keepPace(chunk.readableBytes)
        if bytes.readableBytes == 0 { bytes = chunk } else { bytes.writeBuffer(&chunk) }
      }
      data.close()
      return bytes
    }
    var modified: Timestamp?
    if let answer = answers.first {
      modified = try? FileReply.modified(in: try await control.finalReply(to: answer, within: replyLimit))
    }
    return SmallContent(bytes: bytes, modified: modified)
  }

  private func keepPace(_ bytes: Int) async throws {
    guard let pacer = configuration.pacer else { return }
    do { try await pacer.pass(bytes) } catch { throw LocalFailure(underlying: error) }
  }

  private struct TooLong: Error {}
  private var replyLimit: Duration { configuration.timeouts.reply }

  /// Uploads files one after another, under a temporary name each, and renames each once the server has told its size;
  /// for servers with `SIZE`.
  ///
  /// - Parameters:
  ///   - count: how many there are.
  ///   - next: gives the file of an index when its turn has come; `nil` leaves it out.
  ///   - onResult: called on the session's event loop.
  /// - Throws: ``FTPSError`` if the session has ended; files without a result may be there under either name.
  package func store(
    count: Int, next: @Sendable (Int) async -> SmallUpload?,
    onResult: @escaping @Sendable (Int, Result<Void, SmallFailure>) -> Void
  ) async throws {
    try await operation {
      // The last file's confirmations, which arrive before the next one's.
      var last: (index: Int, confirmation: Confirmation)?
      for index in 0..<count {
        guard let file = await next(index) else { continue }
        var stored: Result<Confirmation, SmallFailure>
        do {
          stored = .success(try await storeTemporarily(file))
        } catch let error as SmallFailure {
          stored = .failure(error)
        } catch let error as FTPSError where error.isSessionUsable && control.failure == nil {
          stored = .failure(.session(error))
        }
        if let last { onResult(last.index, try await outcome(of: last.confirmation)) }
        last = nil
        switch stored {
        case .success(let confirmation): last = (index, confirmation)
        case .failure(let failure): onResult(index, .failure(failure))
        }
      }
      if let last { onResult(last.index, try await outcome(of: last.confirmation)) }
    }
  }

  /// What was sent to give a file its permissions, its time and its name.
  private struct Confirmation {
    var permissions: PendingReply?
    var time: PendingReply?
    var from: PendingReply
    var to: PendingReply
    var commands: (from: String, to: String)
  }

  private func storeTemporarily(_ file: SmallUpload) async throws -> Confirmation {
    let size = Int64(file.bytes.readableBytes)
    let (_, _, answers) = try await transfer(
      .upload, .stor(file.temporary), asking: [.size(file.temporary)], isFollowed: true
    ) { data in
      if size > 0, !file.isPaced { try await keepPace(file.bytes.readableBytes) }
      try await data.finish(with: file.bytes, within: configuration.timeouts.stall)
    }
    let reply = try await control.finalReply(to: answers[0], within: replyLimit)
    guard reply.isCompletion else { throw refusal(of: answers[0].command, reply) }
    let there = try FileReply.size(in: reply)
    guard there == size else { throw SmallFailure.lengthDiffers(there) }
    currentDirectory = nil
    let from = Command.rnfr(file.temporary)
    let to = Command.rnto(file.target)
    return Confirmation(
      permissions: try file.permissions.map { try control.send(permissionCommand($0, file.temporary)) },
      time: try file.modified.flatMap(timeCommand(file.temporary)).map { try control.send($0) },
      from: try control.send(from), to: try control.send(to), commands: (from.logged, to.logged))
  }

  private func timeCommand(_ path: RemotePath) -> (Timestamp) -> Command? {
    { [features = facts.features] time in
      if features.mfmt { return .mfmt(time, path) }
      return features.mdtm ? .setMdtm(time, path) : nil
    }
  }

  private func outcome(of confirmation: Confirmation) async throws -> Result<Void, SmallFailure> {
    if let reply = confirmation.permissions { _ = try await control.finalReply(to: reply, within: replyLimit) }
    if let time = confirmation.time { _ = try await control.finalReply(to: time, within: replyLimit) }
    let from = try await control.finalReply(to: confirmation.from, within: replyLimit)
    let to = try await control.finalReply(to: confirmation.to, within: replyLimit)
    if from.code != 350 { return .failure(.session(refusal(of: confirmation.commands.from, from))) }
    if !to.isCompletion { return .failure(.session(refusal(of: confirmation.commands.to, to))) }
    return .success(())
  }
}
