import FTP
import FTPSClient

/// A file takes the place of another one on a server that renames to free names only, as many on Windows do: that one is
/// put aside, and removed when the file has its name. So at each moment both are there, or the new one has the name.
struct ReplacingRename: Sendable {
  let job: Job
  let session: any RemoteFiles

  /// - Parameter isOne: asked when the target is aside: whether the file has gone with it, as both names were its own.
  /// - Returns: false where the server refuses it; then all is as it was.
  /// - Throws: ``TransferError/targetIsSource(_:)``, and what the session throws.
  func run(
    _ path: RemotePath, over target: RemotePath, _ isOne: @escaping @Sendable () async throws -> Bool = { false }
  ) async throws -> Bool {
    guard let aside = target.parent?.appending(job.item.asideName) else { return false }
    await job.note(.aside(true))
    return try await withGrace { try await run(path, over: target, aside: aside, isOne) }
  }

  private func run(
    _ path: RemotePath, over target: RemotePath, aside: RemotePath, _ isOne: () async throws -> Bool
  ) async throws -> Bool {
    do { try await session.rename(target, to: aside) } catch let error as FTPSError where error.isPermanentRefusal {
      await job.note(.aside(false))
      return false
    }
    do {
      if try await isOne() { throw TransferError.targetIsSource(job.item.source.name) }
      try await session.rename(path, to: target)
    } catch {
      try await session.rename(aside, to: target)
      await job.note(.aside(false))
      if let error = error as? FTPSError, error.isPermanentRefusal { return false }
      throw error
    }
    do { try await session.delete(aside) } catch let error as FTPSError where error.isPermanentRefusal {
      await job.note(.remark("\(job.item.asideRemark) The server does not remove it: \(error)"))
    }
    await job.note(.aside(false))
    return true
  }
}

/// Does something that should not be given up in the middle: cancelled, it goes on, but for some seconds only, as a server
/// may never answer again.
func withGrace<Value: Sendable>(
  _ grace: Duration = .seconds(3), _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let work = Task { try await body() }
  return try await withTaskCancellationHandler {
    try await work.value
  } onCancel: {
    Task {
      try? await Task.sleep(for: grace)
      work.cancel()
    }
  }
}
