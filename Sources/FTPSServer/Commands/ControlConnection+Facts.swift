import FTP

/// What is known of one file: SIZE, MDTM, MFMT and MLST.
extension ControlConnection {
  func sendSize(_ path: RemotePath) async throws {
    let status = try await shared.run { folder throws(FileError) in
      try folder.status(of: path, followingLink: true)
    }
    guard status.kind == .file else { throw FileError.notAFile }
    await send(ServerReply(213, "\(status.size)"))
  }

  func sendModified(_ path: RemotePath) async throws {
    let status = try await shared.run { folder throws(FileError) in
      try folder.status(of: path, followingLink: true)
    }
    await send(ServerReply(213, Timestamp(seconds: status.modified).compact))
  }

  func setModified(_ request: Request) async throws {
    let parts = request.argument.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty, let time = Timestamp(parts[0]), time.precision <= .second else {
      return await send(ServerReply(501, "MFMT needs YYYYMMDDHHMMSS and a name"))
    }
    let path = try path(Array(parts[1]))
    try await shared.run { folder throws(FileError) in try folder.setModified(path, to: time) }
    await send(ServerReply(213, Array("Modify=\(time.compact); ".utf8) + parts[1]))
  }

  /// AVBL (draft-peterson-streamlined-ftp-command-extensions).
  func sendRoom(_ path: RemotePath) async throws {
    let room = try await shared.run { folder throws(FileError) in try folder.room(in: path) }
    await send(ServerReply(213, "\(room)"))
  }

  /// Commands of this server alone: `SITE UTIME YYYYMMDDHHMMSS name`, for clients that know no MFMT.
  func answerSite(_ request: Request) async throws {
    let parts = request.argument.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    switch request.words.first {
    case "UTIME":
      guard parts.count == 3, !parts[2].isEmpty, let time = Timestamp(parts[1]) else {
        return await send(ServerReply(501, "SITE UTIME needs YYYYMMDDHHMMSS and a name"))
      }
      let path = try path(Array(parts[2]))
      try await shared.run { folder throws(FileError) in try folder.setModified(path, to: time) }
      await send(ServerReply(200, "Set"))
    case "HELP": await send(ServerReply(214, "SITE UTIME, SITE HELP"))
    default: await send(ServerReply(504, "Only SITE UTIME"))
    }
  }

  func sendFacts(_ path: RemotePath) async throws {
    let (status, target, isFolderWritable) = try await shared.run { folder throws(FileError) in
      let status = try folder.status(of: path, followingLink: false)
      let above = try folder.status(of: path.parent ?? path, followingLink: true)
      return (
        status, status.kind == .symbolicLink ? try? folder.linkTarget(path) : nil,
        path != .root && EntryLine(status: above, target: nil, isReadOnly: false).allows(2)
      )
    }
    let line = EntryLine(
      status: status, target: target, isReadOnly: shared.folder.isReadOnly, isFolderWritable: isFolderWritable)
    let text = line.facts(facts) + [UInt8(ascii: " ")] + path.bytes
    await send(ServerReply(250, "Facts:", [text], "End"))
  }
}
