import FTP
import NIOCore
import Testing

@testable import FTPSServer

/// The way to the files, and what guessing costs.
@Suite("Logging in")
struct LoginTests {
  @Test("nothing but TLS leads on from plaintext")
  func plaintext() {
    var state = LoginState(isEncrypted: false)
    #expect(state.receivedName([1]) == .encryptFirst)
    #expect(state.receivedPassword() == .encryptFirst)
    #expect(state.phase == .plaintext)
    state.encrypted()
    #expect(state.receivedPassword() == .nameFirst)
    #expect(state.receivedName([1]) == .askForPassword)
    #expect(state.receivedName([2]) == .askForPassword)
    #expect(state.receivedPassword() == .verify(user: [2]))
    #expect(state.passwordWasVerified(true) == .welcome)
    #expect(state.isLoggedIn)
    #expect(state.receivedName([1]) == .alreadyLoggedIn)
    #expect(state.receivedPassword() == .alreadyLoggedIn)
  }

  @Test("after a wrong password the name is asked again, and the fifth one is the last")
  func wrongPasswords() {
    var state = LoginState(isEncrypted: true)
    for attempt in 1...LoginState.failureLimit {
      #expect(state.receivedName([1]) == .askForPassword)
      let verdict = state.passwordWasVerified(false)
      #expect(verdict == (attempt < LoginState.failureLimit ? .tryAgain : .closeConnection))
      #expect(state.receivedPassword() == .nameFirst)
    }
  }

  @Test("each failure from an address doubles the wait, up to a limit, and is forgotten in time")
  func throttle() {
    var throttle = LoginThrottle(delay: .milliseconds(500))
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    let waits = (0..<7).map { throttle.failed("a", now: start + .seconds($0)) }
    #expect(waits == [500, 1000, 2000, 4000, 8000, 10_000, 10_000].map { .milliseconds($0) })
    #expect(throttle.failed("b", now: start) == .milliseconds(500))
    throttle.succeeded("b")
    #expect(throttle.failed("b", now: start) == .milliseconds(500))
    #expect(throttle.failed("a", now: start + .minutes(10)) == .milliseconds(500))
  }

  @Test("addresses without end fill no memory, and do not free one that is remembered")
  func manyAddresses() {
    var throttle = LoginThrottle(delay: .milliseconds(1))
    let now = NIODeadline.uptimeNanoseconds(1)
    _ = throttle.failed("first", now: now)
    for number in 0..<2000 { _ = throttle.failed("\(number)", now: now) }
    #expect(throttle.failed("first", now: now) == .milliseconds(2))
    #expect(throttle.count == LoginThrottle.capacity)
  }

  @Test("one login accepts its name with its password, and nothing else")
  func singleLogin() async {
    let login = SingleLogin(user: "ada", password: Secret("lovelace"))
    #expect(await login.accepts(user: Array("ada".utf8), password: Secret("lovelace"), certificate: nil) != nil)
    #expect(await login.accepts(user: Array("ada".utf8), password: Secret("lovelac"), certificate: nil) == nil)
    #expect(await login.accepts(user: Array("Ada".utf8), password: Secret("lovelace"), certificate: nil) == nil)
    #expect(await login.accepts(user: [], password: Secret(""), certificate: nil) == nil)
  }
}
