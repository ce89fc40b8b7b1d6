import FTP
import FTPSClient
import Testing

@testable import Transfers

@Suite("Which failures are tried again")
struct FailureSortingTests {
  static func refused(_ code: Int) -> TransferError { .session(.refused(command: "RETR /a", Reply(code, "no"))) }

  @Test("a refusal that may pass is tried again, another one is not", arguments: 400...599)
  func refusals(_ code: Int) {
    // The server's disk is full, or its user's quota used up.
    let expected: FailureClass = code == 452 || code == 552 ? .full : code < 500 ? .retryItem : .final
    #expect(FailureClass(Self.refused(code)) == expected)
  }

  @Test(
    "a connection that was lost is tried again",
    arguments: [
      FTPSError.closed("reset"), .truncated, .timeout("the reply"), .dataConnection("refused"),
      .tooManyConnections(Reply(421, "Too many")),
    ])
  func lostConnections(_ error: FTPSError) {
    #expect(FailureClass(.session(error)) == .retryItem)
    #expect(FailureClass(.server(server, error)) == .retryServer(server))
  }

  @Test("a server that cannot be reached holds up its items together")
  func unreachable() {
    let error = FTPSError.unreachable(host: "h", port: 21, reason: "refused")
    #expect(FailureClass(.server(server, error)) == .retryServer(server))
    #expect(TransferFailure(.server(server, error)).kind == .connection)
  }

  @Test("a wrong password is never tried again")
  func password() {
    let error = TransferError.server(server, .loginRefused(Reply(530, "Login incorrect")))
    guard case .ask(.credentials(server, _, refusal: "530 Login incorrect"), .login) = FailureClass(error) else {
      Issue.record("\(FailureClass(error))")
      return
    }
    #expect(TransferFailure(error).kind == .login)
  }

  @Test("a password that is only wanted was not refused")
  func passwordWanted() {
    for error in [TransferError.server(server, .passwordNeeded), .credentialsNeeded(server)] {
      guard case .ask(.credentials(server, _, refusal: nil), .login) = FailureClass(error) else {
        Issue.record("\(FailureClass(error))")
        return
      }
    }
  }

  @Test("a certificate that was refused is for a person")
  func certificate() {
    let error = TransferError.server(server, .certificateRejected("it has changed"))
    #expect(TransferFailure(error).kind == .trust)
  }

  @Test("a full disk, or quota, is for a person", arguments: [28, 122] as [Int32])
  func full(_ code: Int32) {
    let error = TransferError.local(LocalFault(.write, "a", code: code))
    #expect(FailureClass(error) == .full)
    #expect(TransferFailure(error).kind == .item)
  }

  @Test(
    "what no retry changes is final",
    arguments: [
      TransferError.local(LocalFault(.create, "a", code: 13)), .contentDiffers("a"), .notTheBeginning("a"),
      .unsuitableName("a"), .sourceMissing("a"), .tooDeep("a"), .targetIsFolder("a"),
    ])
  func final(_ error: TransferError) {
    #expect(FailureClass(error) == .final)
    #expect(TransferFailure(error).kind == .item)
  }

  @Test("a full disk is said in one sentence with what to do")
  func fullDisk() {
    let text = TransferFailure(.local(LocalFault(.write, "/home/a", code: 28))).reason
    #expect(text == "The disk is full, so \u{201C}/home/a\u{201D} could not be written; free some space and retry.")
  }
}

@Suite("Delays between attempts")
struct RetryPolicyTests {
  @Test("delays double up to the longest", arguments: zip(1...8, [1, 2, 4, 8, 16, 30, 30, 30]))
  func doubling(_ failures: Int, _ seconds: Int) {
    #expect(RetryPolicy().delay(afterFailures: failures, jitter: 0) == .seconds(seconds))
  }

  @Test("no number of failures is too many", arguments: [0, 64, Int.max])
  func extremes(_ failures: Int) {
    let delay = RetryPolicy().delay(afterFailures: failures, jitter: 0.999)
    #expect(delay >= .seconds(1) && delay < .seconds(38))
  }
}
