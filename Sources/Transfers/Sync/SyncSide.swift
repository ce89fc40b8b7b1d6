package import FTP
package import FTPSClient

/// One of the two trees of a comparison.
package protocol SyncSide: Sendable {
  var isRemote: Bool { get }
  /// The whole contents of a folder below the top; what may be a link to a folder is told as such.
  ///
  /// - Throws: ``SyncProblem`` where it cannot be read, or not for sure as a whole; anything else ends the comparison.
  func list(_ path: [FileName]) async throws -> FolderList
  /// When a file was last changed, in UTC; nil where that is not to be had.
  func modified(_ path: [FileName]) async throws -> Timestamp?
  /// The SHA-256 of a file's content; nil where it cannot be read.
  func digest(of path: [FileName], size: Int64?) async throws -> [UInt8]?
  func makeFolder(_ path: [FileName]) async throws
}

/// Why a folder could not be compared, as a sentence. Nothing in it or around it is deleted.
package struct SyncProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}
