package import FTP

/// One command for each of several files, all of them sent before the first reply has come.
extension FTPSession {
  /// Deletes files.
  ///
  /// - Returns: for each of them, why the server did not; nil where it did.
  package func deleteAll(_ paths: [RemotePath]) async throws -> [FTPSError?] {
    try await refusals(to: paths.map { .dele($0) })
  }

  /// Sets permission bits, with `MFF` (draft-somers-ftp-mfxx) where the server says that it can, else with `SITE CHMOD`.
  ///
  /// - Returns: for each path, why the server did not; nil where it did.
  package func setPermissions(_ bits: UInt16, of paths: [RemotePath]) async throws -> [FTPSError?] {
    if facts.features.mffMode, !configuration.habits.lacksMFF {
      let refusals = try await refusals(to: paths.map { .mffMode(bits, $0) })
      // 500...504: announced, but not there.
      if !refusals.contains(where: { $0?.saysUnknown == true }) { return refusals }
      configuration.habits.learnNoMFF()
    }
    return try await refusals(to: paths.map { .site(.chmod(bits, $0)) })
  }

  /// The command that sets permission bits here.
  func permissionCommand(_ bits: UInt16, _ path: RemotePath) -> Command {
    facts.features.mffMode && !configuration.habits.lacksMFF ? .mffMode(bits, path) : .site(.chmod(bits, path))
  }

  private func refusals(to commands: [Command]) async throws -> [FTPSError?] {
    zip(commands, try await askTogether(commands)).map { command, reply in
      reply.isCompletion ? nil : .refused(command: command.logged, reply)
    }
  }
}

extension FTPSError {
  fileprivate var saysUnknown: Bool {
    if case .refused(_, let reply) = self { 500...504 ~= reply.code } else { false }
  }
}
