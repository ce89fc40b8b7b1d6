package import FTP

extension FTPSession {
  /// The size of a file in bytes (RFC 3659 section 4; the session is in image type).
  package func size(of path: RemotePath) async throws -> Int64 {
    try await operation {
      let reply = try await require(.size(path))
      return try FileReply.size(in: reply)
    }
  }

  /// When a file was last changed, in UTC (RFC 3659 section 3).
  package func modificationTime(of path: RemotePath) async throws -> Timestamp {
    try await operation {
      let reply = try await require(.mdtm(path))
      return try FileReply.modified(in: reply)
    }
  }

  /// Sets when a file was last changed: `MFMT` (draft-somers-ftp-mfxx), or the `MDTM` form with a time that vsftpd takes,
  /// or `SITE UTIME`.
  ///
  /// Returns whether the server did; many cannot, which is no error. What it does not know is not tried again.
  package func setModificationTime(_ time: Timestamp, of path: RemotePath) async throws -> Bool {
    try await operation {
      while let way = timeSetting {
        let reply = try await exchange(way.command(time, path))
        if reply.isCompletion {
          hasSetTimes = true
          return true
        }
        // 500...504: the command is not there (RFC 959 section 4.2.1). Without a feature for it, any refusal means that.
        let isUnknown = 500...504 ~= reply.code || way != .mfmt && reply.isPermanentFailure && !hasSetTimes
        guard isUnknown else { return false }
        timeSetting = way.next(facts.features)
      }
      return false
    }
  }

  /// Makes a folder.
  package func makeDirectory(_ path: RemotePath) async throws {
    try await operation { _ = try await require(.mkd(path)) }
  }

  /// Removes an empty folder.
  package func removeDirectory(_ path: RemotePath) async throws {
    try await operation {
      if currentDirectory.map({ $0.isInside(path) }) ?? false { currentDirectory = nil }
      _ = try await require(.rmd(path))
    }
  }

  /// Deletes a file.
  package func delete(_ path: RemotePath) async throws {
    try await operation { _ = try await require(.dele(path)) }
  }

  /// Renames a file or folder; most servers replace a file that has the new name already.
  package func rename(_ path: RemotePath, to newPath: RemotePath) async throws {
    try await operation {
      currentDirectory = nil
      let reply = try await exchange(.rnfr(path))
      guard reply.code == 350 else { throw refusal(of: Command.rnfr(path).logged, reply) }
      _ = try await require(.rnto(newPath))
    }
  }

  /// Asks for nothing, so that the session stays open and is known to be alive.
  package func noop() async throws {
    try await operation { _ = try await require(.noop) }
  }
}
