/// How far a client is on its way to the files: TLS, then a name, then the password.
struct LoginState: Hashable {
  enum Phase: Hashable {
    /// Everything is readable on the way; nothing but AUTH gets on.
    case plaintext
    /// TLS is there, nobody has said who they are.
    case encrypted
    /// The password of this user is awaited.
    case named([UInt8])
    case loggedIn([UInt8])
  }

  private(set) var phase: Phase
  private(set) var failures = 0
  /// So many wrong passwords end the connection.
  static let failureLimit = 5

  init(isEncrypted: Bool) {
    phase = isEncrypted ? .encrypted : .plaintext
  }

  var isLoggedIn: Bool {
    if case .loggedIn = phase { true } else { false }
  }

  /// The handshake of the control connection is complete.
  mutating func encrypted() {
    precondition(phase == .plaintext, "a second handshake")
    phase = .encrypted
  }

  enum NameAnswer: Hashable {
    case encryptFirst, askForPassword, alreadyLoggedIn
  }

  mutating func receivedName(_ name: [UInt8]) -> NameAnswer {
    switch phase {
    case .plaintext: return .encryptFirst
    case .encrypted, .named:
      phase = .named(name)
      return .askForPassword
    case .loggedIn: return .alreadyLoggedIn
    }
  }

  /// The user of the last USER may not even say a password.
  mutating func refused() -> Verdict {
    guard case .named = phase else { preconditionFailure("nobody asked to be let in") }
    return failed()
  }

  /// The user of the last USER needs no password.
  mutating func admitted() {
    guard case .named(let user) = phase else { preconditionFailure("nobody asked to be let in") }
    phase = .loggedIn(user)
  }

  enum PasswordAnswer: Hashable {
    case encryptFirst, nameFirst, alreadyLoggedIn
    case verify(user: [UInt8])
  }

  func receivedPassword() -> PasswordAnswer {
    switch phase {
    case .plaintext: .encryptFirst
    case .encrypted: .nameFirst
    case .named(let user): .verify(user: user)
    case .loggedIn: .alreadyLoggedIn
    }
  }

  enum Verdict: Hashable {
    case welcome, tryAgain, closeConnection
  }

  mutating func passwordWasVerified(_ isRight: Bool) -> Verdict {
    guard case .named(let user) = phase else { preconditionFailure("no password was awaited") }
    if isRight {
      phase = .loggedIn(user)
      return .welcome
    }
    return failed()
  }

  private mutating func failed() -> Verdict {
    phase = .encrypted
    failures += 1
    return failures < Self.failureLimit ? .tryAgain : .closeConnection
  }
}
