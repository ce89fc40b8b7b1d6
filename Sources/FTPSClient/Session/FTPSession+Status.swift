package import FTP

/// What stands under one path.
extension FTPSession {
  private enum Answer {
    case known(ListingEntry)
    case nothing
    /// The server does not tell in this way.
    case none
  }

  /// What the server knows of one path, or `nil` if there is nothing.
  ///
  /// MLST where it is offered, else `CWD` tells a folder, and `SIZE` with `MDTM` a file; without either of them the list
  /// of the folder that it is in. Only 550 says that nothing is there (RFC 959 section 4.2.2): somebody may be about to
  /// write where nothing is.
  ///
  /// - Throws: ``FTPSError/refused(command:_:)`` for any other refusal, and ``FTPSError/incompleteList(_:)``.
  package func status(of path: RemotePath) async throws -> ListingEntry? {
    guard let name = path.name, let folder = path.parent else { return nil }
    let answer = try await operation {
      let answer = try await machineStatus(of: path, name)
      if case .none = answer { return try await sizeOrFolder(path, name) }
      return answer
    }
    switch answer {
    case .known(let entry): return entry
    case .nothing: return nil
    case .none: return try await listed(name, in: folder)
    }
  }

  private func machineStatus(of path: RemotePath, _ name: FileName) async throws -> Answer {
    guard facts.features.mlst != nil else { return .none }
    let command = Command.mlst(path)
    let reply = try await exchange(command)
    if let entry = try? ListingEntry(mlst: reply, name: name) { return .known(entry) }
    // Announced, but not for this path or not at all; the other ways may still tell.
    if reply.isCompletion || reply.meansUnknownCommand { return .none }
    guard reply.code == 550 else { throw refusal(of: command.logged, reply) }
    return .nothing
  }

  private func sizeOrFolder(_ path: RemotePath, _ name: FileName) async throws -> Answer {
    // Together: of a folder, which is the rarer question, the second one asks in vain.
    let time = facts.features.mdtm ? [Command.mdtm(path)] : []
    let replies = try await exchange([.size(path)] + time)
    let size = replies[0]
    if size.isCompletion, let bytes = try? FileReply.size(in: size) {
      let modified = replies.count > 1 ? try? FileReply.modified(in: replies[1]) : nil
      return .known(ListingEntry(name: name, kind: .file, size: bytes, modified: modified))
    }
    let isUntold = size.isCompletion || size.meansUnknownCommand
    guard isUntold || size.code == 550 else { throw refusal(of: Command.size(path).logged, size) }
    let entered = try await exchange(.cwd(path))
    if entered.isCompletion {
      currentDirectory = path
      return .known(ListingEntry(name: name, kind: .directory))
    }
    guard entered.code == 550 || entered.meansUnknownCommand else {
      throw refusal(of: Command.cwd(path).logged, entered)
    }
    return isUntold ? .none : .nothing
  }

  private func listed(_ name: FileName, in folder: RemotePath) async throws -> ListingEntry? {
    let list: FolderList
    do { list = try await wholeList(of: folder) } catch FTPSError.refused(let command, let reply) {
      // "No files found", of a folder that could be entered.
      guard command.hasPrefix("LIST"), reply.code == 550 else { throw FTPSError.refused(command: command, reply) }
      return nil
    }
    if let entry = list.entries.first(where: { $0.name == name }) { return entry }
    guard list.isWhole else { throw FTPSError.incompleteList(folder) }
    return nil
  }
}

extension Reply {
  /// 500...504: it is about the form of the command, or says that there is no such one (RFC 959 section 4.2.1).
  var meansUnknownCommand: Bool { 500...504 ~= code }
}
