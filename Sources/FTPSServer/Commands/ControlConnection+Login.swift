import FTP
import NIOCore

/// USER and PASS, only over TLS.
extension ControlConnection {
  func receivedUser(_ request: Request) async {
    guard !request.argument.isEmpty else { return await send(ServerReply(501, "USER needs a name")) }
    switch login.receivedName(request.argument) {
    case .encryptFirst: await send(ServerReply(530, "Encrypt first, with AUTH TLS"))
    case .alreadyLoggedIn: await send(ServerReply(503, "Already logged in"))
    case .askForPassword: await send(ServerReply(331, "The password, please"))
    }
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
    let isRight = await shared.configuration.login.accepts(user: user, password: password)
    if !isRight {
      log(.loginFailed(user: SafeText.escape(user)))
      let delay = shared.loginFailed(from: peer)
      try? await eventLoop.scheduleTask(in: delay) {}.futureResult.get()
    }
    switch login.passwordWasVerified(isRight) {
    case .welcome:
      shared.loginSucceeded(from: peer)
      log(.loggedIn(user: SafeText.escape(user)))
      await send(ServerReply(230, "Logged in"))
    case .tryAgain: await send(ServerReply(530, "Wrong name or password"))
    case .closeConnection: await leave(ServerReply(421, "Too many wrong passwords"))
    }
  }
}
