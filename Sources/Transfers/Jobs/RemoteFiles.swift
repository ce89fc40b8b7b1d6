package import FTP
package import FTPSClient

/// What a job does on a server: a session, or in tests something that behaves like one.
package protocol RemoteFiles: Sendable {
  var features: Features { get }
  /// The list of a folder, with the links among its folders shown as such.
  func list(_ folder: RemotePath) async throws -> FolderList
  /// Whether ``list(_:)`` may show a symbolic link as the file to which it leads, or not at all, so that
  /// ``plainList(of:)`` has to tell.
  var listHidesLinks: Bool { get async }
  /// The list of a folder by `LIST`; nil where that is not to be had.
  func plainList(of folder: RemotePath) async throws -> FolderList?
  func status(of path: RemotePath) async throws -> ListingEntry?
  func size(of path: RemotePath) async throws -> Int64
  func digest(of path: RemotePath, _ algorithm: HashAlgorithm, size: Int64) async throws -> [UInt8]?
  func modificationTime(of path: RemotePath) async throws -> Timestamp
  func setModificationTime(_ time: Timestamp, of path: RemotePath) async throws -> Bool
  func retrieve(_ path: RemotePath, from offset: Int64, into sink: some ByteSink) async throws -> TransferReport
  func store(_ path: RemotePath, from offset: Int64, source: some ByteSource) async throws -> TransferReport
  /// Many small files: see ``FTPSClient/FTPSession/retrieve(_:isWanted:onResult:)``.
  func retrieve(
    _ files: [SmallDownload], isWanted: @escaping @Sendable (Int) -> Bool,
    onResult: @escaping @Sendable (Int, Result<SmallContent, SmallFailure>) -> Void
  ) async throws
  /// Many small files: see ``FTPSClient/FTPSession/store(count:next:onResult:)``.
  func store(
    count: Int, next: @Sendable (Int) async -> SmallUpload?,
    onResult: @escaping @Sendable (Int, Result<Void, SmallFailure>) -> Void
  ) async throws
  func append(_ path: RemotePath, source: some ByteSource) async throws -> TransferReport
  func makeDirectory(_ path: RemotePath) async throws
  func removeDirectory(_ path: RemotePath) async throws
  func delete(_ path: RemotePath) async throws
  /// Deletes files: for each of them, why the server did not.
  func deleteAll(_ paths: [RemotePath]) async throws -> [FTPSError?]
  /// Sets permission bits: for each path, why the server did not.
  func setPermissions(_ bits: UInt16, of paths: [RemotePath]) async throws -> [FTPSError?]
  func rename(_ path: RemotePath, to newPath: RemotePath) async throws
}

extension FTPSession: RemoteFiles {
  package func retrieve(
    _ path: RemotePath, from offset: Int64, into sink: some ByteSink
  ) async throws -> TransferReport {
    try await retrieve(path, from: offset, isFollowed: true, into: sink)
  }

  package func store(
    _ path: RemotePath, from offset: Int64, source: some ByteSource
  ) async throws -> TransferReport {
    try await store(path, from: offset, isFollowed: true, source: source)
  }

  package nonisolated var features: Features { facts.features }

  package var listHidesLinks: Bool { listsByMachine }

  package func list(_ folder: RemotePath) async throws -> FolderList {
    try await linkTellingList(of: folder)
  }
}
