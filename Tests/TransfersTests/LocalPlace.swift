import FTP
import NIOPosix
import SystemPackage
import TestSupport
import Transfers

/// A temporary folder with a disk to work on it.
final class LocalPlace: Sendable {
  let folder: TemporaryFolder
  let disk: LocalDisk
  let files = PosixFiles()
  private let threads: NIOThreadPool

  init(_ files: any LocalFiles = PosixFiles(), in place: TemporaryFolder.Place = .disk) throws {
    folder = try TemporaryFolder("transfers", in: place)
    threads = NIOThreadPool(numberOfThreads: 2)
    threads.start()
    disk = LocalDisk(files: files, threads: threads)
  }

  deinit { threads.shutdownGracefully { _ in } }

  func open() throws -> OpenFolder { try files.openFolder(folder.path) }

  func names() throws -> [String] { try FileTree.names(in: folder.path).map(\.string) }
}
