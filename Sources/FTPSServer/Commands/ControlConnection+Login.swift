import FTP
import NIOCore

/// USER and PASS, only over TLS.
extension ControlConnection {
  func receivedUser(_ request: Request) async {
    guard !request.argument.isEmpty else { return await send(ServerReply(501, "USER needs a name")) }
    switch login.receivedName(request.argument) {
    case .encryptFirst: await send(ServerReply(530, "Encrypt first, with AUTH TLS"))
    case .alreadyLoggedIn: await send(ServerReply(503, "Already logged in"))
    case .askForPassword: await admit(request.argument)
    }
  }

  /// Looks at the certificate first: who is not let in has no use for a password.
  private func admit(_ user: [UInt8]) async {
    if let refusal = await certificateRefusal(isNew: true) {
      switch login.refused() {
      case .closeConnection: await leave(ServerReply(421, "Too many attempts"))
      case .tryAgain, .welcome: await send(refusal.reply)
      }
    } else if let proof = await shared.configuration.login.accepts(user: user, certificate: clientChain.first) {
      self.proof = proof
      login.admitted()
      await welcome(user, ServerReply(232, "Logged in by your certificate"))
    } else {
      await send(ServerReply(331, "The password, please"))
    }
  }

  /// What speaks against the client's certificate; nil where nothing does, or where nobody asks for one.
  private func certificateRefusal(isNew: Bool) async -> ClientRefusal? {
    let demand = shared.configuration.clientCertificates
    guard let judge = demand.judge else { return nil }
    guard let certificate = clientChain.first else {
      guard case .require = demand else { return nil }
      log(.certificateMissing)
      return .certificateMissing
    }
    do {
      let verdict = try await judge.judge(clientChain, address: peer, isNew: isNew)
      if isNew { log(.certificateJudged(certificate, verdict)) }
      return ClientRefusal(verdict, certificate)
    } catch {
      log(.problem("The certificate cannot be judged: \(error)"))
      return .unknown
    }
  }

  /// Lets a client in who has proved who they are. A decision that was made meanwhile has not reached the connection,
  /// as it was not logged in yet; every later one does.
  private func welcome(_ user: [UInt8], _ reply: ServerReply) async {
    guard await review() else { return }
    log(.loggedIn(user: SafeText.escape(user)))
    await send(reply)
  }

  /// Looks again whether the client may be here, when its owner may have decided otherwise; ends the connection if not.
  @discardableResult
  func review() async -> Bool {
    guard case .loggedIn(let user) = login.phase else { return true }
    let isWelcome =
      if await certificateRefusal(isNew: false) != nil {
        false
      } else {
        await shared.configuration.login.stillAccepts(user: user, proof: proof, certificate: clientChain.first)
      }
    guard !isWelcome else { return true }
    log(.trustWithdrawn)
    // A transfer that is under way is cut off, so that it does not look complete.
    dataOpening?.cancel()
    control.onInterruption?()
    // Not waited for: a client that reads no replies must not stay for it.
    channel.writeAndFlush(
      ByteBuffer(bytes: ServerReply(421, "You are not trusted here any more").encoded), promise: nil)
    channel.close(promise: nil)
    return false
  }

  func receivedPassword(_ request: Request) async {
    switch login.receivedPassword() {
    case .encryptFirst: await send(ServerReply(530, "Encrypt first, with AUTH TLS"))
    case .nameFirst: await send(ServerReply(503, "USER first"))
    case .alreadyLoggedIn: await send(ServerReply(202, "Already logged in"))
    case .verify(let user): await verify(user, Secret(utf8: request.argument))
    }
  }

  private func verify(_ user: [UInt8], _ password: Secret) async {
    let proof = await shared.configuration.login.accepts(
      user: user, password: password, certificate: clientChain.first)
    if let proof {
      self.proof = proof
    } else {
      log(.loginFailed(user: SafeText.escape(user)))
      let delay = shared.loginFailed(from: peer)
      try? await eventLoop.scheduleTask(in: delay) {}.futureResult.get()
    }
    switch login.passwordWasVerified(proof != nil) {
    case .welcome:
      shared.loginSucceeded(from: peer)
      await welcome(user, ServerReply(230, "Logged in"))
    case .tryAgain: await send(ServerReply(530, "Wrong name or password"))
    case .closeConnection: await leave(ServerReply(421, "Too many wrong passwords"))
    }
  }
}
