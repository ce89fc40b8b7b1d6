import ArgumentParser
import FTP
import FTPSClient
import Storage
import TLS
import Testing

@testable import ferry

@Suite("The command line") struct CommandsLineTests {
  @Test("takes two places without a command")
  func places() throws {
    let command = try #require(try Ferry.parseAsRoot(["/tmp", "ftpes://ada@files.example.org/"]) as? BrowseCommand)
    #expect(command.left == "/tmp")
    #expect(command.right == "ftpes://ada@files.example.org/")
  }

  @Test("says of a list what is missing in it")
  func unclearList() throws {
    var summary = ListingSummary()
    let folder = try RemotePath("/a\u{1B}b")
    #expect(summary.problem(folder) == nil)
    summary.unparsed = 1
    #expect(summary.problem(folder) == "1 line of the server's list of /a\\x1Bb could not be understood.")
    summary.isTruncated = true
    #expect(summary.problem(folder) == "The server's list of /a\\x1Bb is not complete.")
  }

  @Test("takes every form of a fingerprint and refuses what is none")
  func fingerprints() throws {
    let hex = String(repeating: "ab", count: 32)
    let command = try #require(try Ferry.parseAsRoot(["--fingerprint", "SHA256:\(hex)"]) as? BrowseCommand)
    #expect(command.connection.fingerprint == Fingerprint(hex))
    #expect(throws: (any Error).self) { try Ferry.parseAsRoot(["--fingerprint", "SHA256:12"]) }
  }

  @Test(
    "refuses what it does not know",
    arguments: [["--trust", "always"], ["--jobs", "0"], ["--jobs", "x"], ["--bogus"], ["trust", "list", "x"]])
  func refuses(_ arguments: [String]) {
    let error = #expect(throws: (any Error).self) { try Ferry.parseAsRoot(arguments) }
    #expect(error.map { Ferry.exitCode(for: $0) } == .validationFailure)
  }

  @Test("makes ftp:// plain text only with --plaintext")
  func plaintext() throws {
    let careful = try ConnectionOptions.parse([])
    let careless = try ConnectionOptions.parse(["--plaintext"])
    #expect(try careful.address("ftp://files.example.org").mode == .explicit)
    #expect(try careless.address("ftp://files.example.org").mode == .plaintext)
    #expect(try careless.address("ftpes://files.example.org").mode == .explicit)
  }

  @Test("refuses a password in an address, and an address that is none", arguments: ["ftpes://ada:pw@host/", "host"])
  func addresses(_ text: String) throws {
    let options = try ConnectionOptions.parse([])
    #expect(throws: UsageProblem.self) { try options.address(text) }
  }

  @Test("gives each failure its exit status")
  func statuses() {
    let reply = Reply(530, "no")
    let table: [(any Error, ferry.ExitStatus)] = [
      (FTPSError.unknownHost("x"), .noConnection), (FTPSError.silentPort(21), .noConnection),
      (FTPSError.notFTP(greeting: "SSH"), .noConnection), (FTPSError.tlsRefused(reply), .noConnection),
      (FTPSError.certificateRejected("no"), .notTrusted), (FTPSError.foreignDataConnection, .notTrusted),
      (FTPSError.loginRefused(reply), .loginRefused), (FTPSError.refused(command: "RETR", reply), .itemsFailed),
      (FTPSError.truncated, .itemsFailed), (UsageProblem("x"), .usage), (ItemProblem("x"), .itemsFailed),
      (StorageError.noHome, .itemsFailed), (FTPSError.malformed(.forbiddenByte(10, in: "x")), .itemsFailed),
      (FTPSError.malformed(.nulInReply), .noConnection),
    ]
    for (error, status) in table { #expect(ferry.ExitStatus(error) == status, "\(error)") }
  }

  @Test("writes JSON that a terminal is safe from")
  func json() {
    var object = JSONObject()
    object.add("name", bytes: Array("a\"\\\n\u{1B}[31mä\u{202E}".utf8))
    object.add("other", bytes: [0x61, 0xFF])
    object.add("size", 12)
    object.add("nothing", String?.none)
    #expect(
      object.text
        == #"{"name":"a\"\\\n\u001b[31mä\u202e","other":"a\ufffd","other_hex":"61ff","size":12,"nothing":null}"#)
  }

  @Test("says everything as a sentence")
  func sentences() {
    #expect(Headless.sentence("the host is not known") == "The host is not known.")
    #expect(Headless.sentence("Is it?") == "Is it?")
  }
}
