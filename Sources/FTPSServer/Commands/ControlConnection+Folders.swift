import FTP

/// Folders and names: CWD, MKD, RMD, DELE, RNFR and RNTO.
extension ControlConnection {
  func changeFolder(_ path: RemotePath) async throws {
    // Opening proves that it is a folder and may be listed.
    try await shared.run { folder throws(FileError) in _ = try folder.openFolder(path) }
    directory = path
    await send(ServerReply(250, "Changed"))
  }

  func makeFolder(_ path: RemotePath) async throws {
    try await shared.run { folder throws(FileError) in try folder.makeFolder(path) }
    log(.changed("MKD", path, nil))
    await send(.path(path, "is there"))
  }

  func removeFolder(_ path: RemotePath) async throws {
    try await shared.run { folder throws(FileError) in try folder.removeFolder(path) }
    log(.changed("RMD", path, nil))
    await send(ServerReply(250, "Removed"))
  }

  func removeFile(_ path: RemotePath) async throws {
    try await shared.run { folder throws(FileError) in try folder.removeFile(path) }
    log(.changed("DELE", path, nil))
    await send(ServerReply(250, "Removed"))
  }

  func renameFrom(_ path: RemotePath) async throws {
    try await shared.run { folder throws(FileError) in _ = try folder.status(of: path, followingLink: false) }
    renameSource = path
    await send(ServerReply(350, "The new name, please"))
  }

  func renameTo(_ path: RemotePath) async throws {
    guard let source = renameSource else { return await send(ServerReply(503, "RNFR first")) }
    renameSource = nil
    try await shared.run { folder throws(FileError) in try folder.rename(source, to: path) }
    log(.changed("RNTO", source, path))
    await send(ServerReply(250, "Renamed"))
  }
}
