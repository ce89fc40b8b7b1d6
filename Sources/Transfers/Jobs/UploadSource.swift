import FTP
import FTPSClient

/// What an upload brings: a file of this machine, or one of a server.
protocol UploadSource: Sendable {
  var name: FileName { get }
  /// As it was when the attempt began.
  var facts: FileFacts { get }
  /// Bytes.
  var size: Int64 { get }
  /// Whether a part of it can be asked for, from an offset on: else nothing can be shown to be its beginning.
  func canBegin(at offset: Int64) -> Bool
  /// Lends its bytes from an offset on, read once, while `body` runs.
  ///
  /// - Parameter digest: takes every byte that goes by; it has those before `offset` already.
  func withBytes<Value: Sendable>(
    from offset: Int64, _ progress: ByteProgress, _ digest: ContentDigest?,
    _ body: @Sendable (any ByteSource) async throws -> Value
  ) async throws -> Value
  /// The bytes between two offsets; fewer where the file ends.
  func stretch(from start: Int64, upTo end: Int64) async throws -> [UInt8]
  /// Takes the first bytes into a digest.
  func add(_ count: Int64, to digest: ContentDigest) async throws
  /// Whether it is still the file that it was when the attempt began, as far as its facts tell.
  func isUnchanged() async throws -> Bool
  /// Makes sure that the bytes which went by are those of the file, where they came over a network.
  ///
  /// - Parameter digest: of all of them.
  /// - Throws: ``TransferError/contentDiffers(_:)``
  func confirm(_ digest: ContentDigest) async throws
}

/// A local file, open to be sent.
struct OpenSource: UploadSource {
  let name: FileName
  let file: OpenFile
  let status: LocalStatus
  let disk: LocalDisk

  var facts: FileFacts { status.facts }
  var size: Int64 { status.size }

  func canBegin(at offset: Int64) -> Bool { true }

  func withBytes<Value: Sendable>(
    from offset: Int64, _ progress: ByteProgress, _ digest: ContentDigest?,
    _ body: @Sendable (any ByteSource) async throws -> Value
  ) async throws -> Value {
    try await body(FileSource(file, status: status, from: offset, disk: disk, progress: progress, digest: digest))
  }

  func stretch(from start: Int64, upTo end: Int64) async throws -> [UInt8] {
    try await disk.run { [file] in try LocalStretch.read(file, at: start, count: Int(end - start), $0) }
  }

  func add(_ count: Int64, to digest: ContentDigest) async throws {
    try await disk.run { [file] in try LocalDigest.add(count, of: file, to: digest, $0) }
  }

  func isUnchanged() async throws -> Bool {
    let now = try await disk.run { [file] files in try files.status(of: file) }
    return now.size == size && now.modified == status.modified && now.changed == status.changed
  }

  func confirm(_ digest: ContentDigest) async throws {}
}
