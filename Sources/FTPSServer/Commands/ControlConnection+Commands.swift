import FTP

/// Which command is answered where.
extension ControlConnection {
  func answer(_ request: Request) async {
    do {
      if try await answerAnybody(request) { return }
      guard login.isLoggedIn else { return await send(ServerReply(530, "Log in first, with USER and PASS")) }
      if try await answerSettings(request) { return }
      if try await answerFiles(request) { return }
      if try await answerTransfers(request) { return }
      await send(ServerReply(502, "This server has no such command"))
    } catch let error as FileError {
      await send(ServerReply(error))
    } catch let error as FTPError {
      await send(ServerReply(553, "\(error)"))
    } catch {
      await send(ServerReply(451, "The server failed"))
      log(.problem("\(request.verb): \(error)"))
    }
  }

  private func answerAnybody(_ request: Request) async throws -> Bool {
    switch request.verb {
    case "AUTH": await authenticate(request)
    case "PBSZ": await setBufferSize()
    case "PROT": await setProtection(request)
    case "CCC", "CDC": await send(ServerReply(534, "The encryption stays"))
    case "USER": await receivedUser(request)
    case "PASS": await receivedPassword(request)
    case "QUIT": await leave(ServerReply(221, "Goodbye"))
    case "FEAT": await sendFeatures()
    case "OPTS": await setOption(request)
    case "SYST": await send(ServerReply(215, "UNIX Type: L8"))
    case "NOOP": await send(ServerReply(200, "Done nothing"))
    case "CLNT": await send(ServerReply(200, "Noted"))
    case "HELP": await sendHelp()
    default: return false
    }
    return true
  }

  private func answerSettings(_ request: Request) async throws -> Bool {
    switch request.verb {
    case "TYPE": await setType(request)
    case "MODE": await require("S", request, "Only stream mode")
    case "STRU": await require("F", request, "Only file structure")
    case "ALLO": await send(ServerReply(202, "Not needed"))
    case "STAT": await sendStatus(request)
    case "EPSV": try await listenExtended(request)
    case "PASV": try await listenPassive()
    case "PORT": try await connectActive(request)
    case "EPRT": try await connectExtended(request)
    case "REST": await setRestart(request)
    case "ABOR": await abort()
    default: return false
    }
    return true
  }

  private func answerFiles(_ request: Request) async throws -> Bool {
    switch request.verb {
    case "PWD", "XPWD": await send(.path(directory, "is the current folder"))
    case "CWD", "XCWD": try await changeFolder(path(request.argument))
    case "CDUP", "XCUP": try await changeFolder(directory.parent ?? .root)
    case "MKD", "XMKD": try await makeFolder(named(request))
    case "RMD", "XRMD": try await removeFolder(named(request))
    case "DELE": try await removeFile(named(request))
    case "RNFR": try await renameFrom(named(request))
    case "RNTO": try await renameTo(named(request))
    case "SIZE": try await sendSize(named(request))
    case "MDTM": try await sendModified(named(request))
    case "MFMT": try await setModified(request)
    case "MLST": try await sendFacts(path(request.argument))
    case "HASH": try await sendDigest(named(request), as: request.argument)
    case "AVBL": try await sendRoom(path(request.argument))
    case "SITE": try await answerSite(request)
    default: return false
    }
    return true
  }

  private func answerTransfers(_ request: Request) async throws -> Bool {
    switch request.verb {
    case "MLSD": try await listFacts(path(request.argument))
    case "LIST": try await listLong(request)
    case "NLST": try await listNames(request)
    case "RETR": try await retrieve(named(request))
    case "STOR": try await store(named(request), appending: false)
    case "APPE": try await store(named(request), appending: true)
    default: return false
    }
    return true
  }

  /// The path of a command that needs one.
  private func named(_ request: Request) throws -> RemotePath {
    // An empty name would mean the current folder.
    if request.argument.isEmpty { throw FTPError.invalidName(.empty, name: "") }
    return try path(request.argument)
  }
}
