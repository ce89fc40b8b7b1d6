import FTP
import FTPSClient

/// The way of one file from one server directly to another, for an upload that would else bring its bytes itself.
struct FXPWay: Sendable {
  let transfer: FXPTransfer
  let path: RemotePath
  /// Looks at the file while it grows.
  let watch: GrowthWatch
  /// Told once both servers have said that they are done.
  let whenDone: @Sendable () -> Void

  /// - Throws: ``FXPFailure``
  func send(to target: RemotePath, from offset: Int64, _ progress: ByteProgress, size: Int64) async throws {
    try await transfer.run(path, from: offset, to: target) {
      await watch.run(target, from: offset, progress, size: size)
    }
    progress.restart(at: size)
    whenDone()
  }
}

extension Upload {
  /// Proves that a file that did not pass by here is the source, by what both servers compute of it.
  ///
  /// - Returns: nil where one of them does not after all.
  func proveBetweenServers(_ path: RemotePath, _ way: FXPWay) async throws -> Proof? {
    let (near, far) = (way.transfer.source, way.transfer.target)
    guard let algorithm = HashAlgorithm.common(near.features, far.features) else { return nil }
    let theirs = try? await far.digest(of: path, algorithm, size: size)
    guard let theirs, let source = try? await near.digest(of: way.path, algorithm, size: size) else { return nil }
    guard theirs == source else { throw TransferError.contentDiffers(job.item.source.name) }
    return .hash(algorithm, theirs, bytes: size)
  }
}

extension HashAlgorithm {
  /// The best that two servers compute.
  static func common(_ one: Features, _ other: Features) -> HashAlgorithm? {
    one.digests.first { other.digests.contains($0) }
  }
}
