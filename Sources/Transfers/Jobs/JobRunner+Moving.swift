import FTP
import FTPSClient

/// What was transferred, by the facts that it had before its first byte was read.
enum Original: Sendable {
  case local(LocalStatus)
  case remote(FileFacts)
}

/// The end of a move: what is proved to be over there loses its source.
extension JobRunner {
  /// The source of a download, or of a local copy, as it is before its first byte is read.
  func original(_ job: Job, _ facts: FileFacts) async throws -> Original {
    guard job.batch.operation == .move, job.batch.source == .local else { return .remote(facts) }
    return .local(try await localStatus(job))
  }

  /// What is moved loses its source, now that it is proved to be over there.
  ///
  /// - Parameter stood: whether something stood at the target before: it may have been the source itself.
  func afterProof(
    _ job: Job, _ proof: Proof, of original: Original, stood: Bool
  ) async throws -> JobOutcome {
    guard job.batch.operation == .move else { return .done(proof) }
    let name = job.item.source.name
    do {
      // Somebody may have put another file in its place while this one was read and proved.
      guard try await isStillThere(job, original) else { throw TransferError.sourceChanged(name) }
      // The server's word that all went well is enough for a copy, not for what takes the only other one away.
      if case .acknowledged = proof {
        throw TransferError.sourceNotRemoved(name, reason: "the server does not tell how long the copy is.")
      }
      if stood { try await expectTwoFiles(job) }
      await job.note(.handover(proof))
      switch job.batch.source {
      case .local:
        try await disk.run { files in try files.remove(name, in: try LocalFolders.source(job, files)) }
      case .remote(let server):
        let path = job.item.source.remote
        try await sessions.with(server) { try await $0.delete(path) }
      }
    } catch TransferError.targetIsSource(let name) {
      throw TransferError.targetIsSource(name)
    } catch TransferError.sourceChanged(let name) {
      throw TransferError.sourceNotRemoved(name, reason: "it was changed meanwhile.")
    } catch {
      throw Self.notRemoved(name, error)
    }
    return .done(proof)
  }

  /// Whether the source's name still stands for what was read, as far as facts can tell.
  private func isStillThere(_ job: Job, _ original: Original) async throws -> Bool {
    switch original {
    case .local(let before):
      let now = try await localStatus(job)
      return now.identity == before.identity && now.size == before.size && now.modified == before.modified
        && now.changed == before.changed
    case .remote(let before):
      guard let server = job.batch.source.server else { preconditionFailure("facts of a server's file") }
      let path = job.item.source.remote
      guard let now = try await sessions.with(server, { try await $0.status(of: path) }) else {
        throw TransferError.sourceMissing(job.item.source.name)
      }
      return !before.isOtherFile(than: FileFacts(size: now.size, modified: now.modified, identity: now.unique))
    }
  }

  private func localStatus(_ job: Job) async throws -> LocalStatus {
    let name = job.item.source.name
    return try await disk.run { files in
      let folder = try LocalFolders.source(job, files)
      guard let status = try files.status(of: name, in: folder, following: LocalFolders.followsSource(job)) else {
        throw TransferError.sourceMissing(name)
      }
      return status
    }
  }

  /// The last step of moving a folder.
  func removeEmptySource(_ job: Job) async throws -> JobOutcome {
    let name = job.item.source.name
    do {
      switch job.batch.source {
      case .local:
        try await disk.run { files in try files.removeFolder(name, in: try LocalFolders.source(job, files)) }
      case .remote(let server):
        let path = job.item.source.remote
        try await sessions.with(server) { session in
          do { try await session.removeDirectory(path) } catch let error as FTPSError where error.isPermanentRefusal {
            // An earlier attempt's process may have ended right after it was gone.
            if try await session.status(of: path) != nil { throw error }
          }
        }
      }
    } catch {
      throw Self.notRemoved(name, error)
    }
    return .done(.folder)
  }

  /// What is copied is not copied again because its source could not be removed; a lost connection is tried again.
  private static func notRemoved(_ name: FileName, _ error: any Error) -> any Error {
    let error = TransferError(error)
    if case .sourceNotRemoved = error { return error }
    return FailureClass(error) == .final ? TransferError.sourceNotRemoved(name, reason: "\(error)") : error
  }
}

extension FileFacts {
  /// Whether something that is known of both is not the same.
  func isOtherFile(than other: FileFacts) -> Bool {
    if let size, let others = other.size, size != others { return true }
    if let modified, let others = other.modified, modified.isUTC, others.isUTC, !modified.agrees(with: others) {
      return true
    }
    if let identity, let others = other.identity, identity != others { return true }
    return false
  }
}
