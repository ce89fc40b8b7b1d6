package import NIOPosix

/// The local file system together with the threads that may wait for it.
package struct LocalDisk: Sendable {
  package let files: any LocalFiles
  private let threads: NIOThreadPool

  /// - Parameter threads: started, and stopped by whoever made it.
  package init(files: any LocalFiles = PosixFiles(), threads: NIOThreadPool = .singleton) {
    self.files = files
    self.threads = threads
  }

  /// Runs blocking calls on a thread of the pool.
  package func run<Value: Sendable>(
    _ body: @escaping @Sendable (any LocalFiles) throws -> Value
  ) async throws -> Value {
    let files = files
    return try await threads.runIfActive { try body(files) }
  }

  /// Puts blocking calls on a thread of the pool and does not wait for them.
  func submit(_ body: @escaping @Sendable (any LocalFiles) -> Void) {
    let files = files
    threads.submit { _ in body(files) }
  }
}
