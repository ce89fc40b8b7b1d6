import SystemPackage

/// What the servers need on disk before one can start: the software and the certificates, fetched and made once.
actor ServerFiles {
  static let shared = ServerFiles()
  private var preparation: Task<Void, any Error>?

  /// Runs `Tests/Servers/prepare` once in a process. It does nothing where everything is there.
  func prepare() async throws {
    if let preparation { return try await preparation.value }
    let task = Task {
      let script = ProjectFolders.servers.appending("prepare").string
      _ = try await Program(script, folder: ProjectFolders.root).runSuccessfully(timeout: .seconds(300))
    }
    preparation = task
    try await task.value
  }
}
