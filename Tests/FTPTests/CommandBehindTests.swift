import FTP
import Testing

@Suite("Whose reply it is, when a command was sent behind a running transfer")
struct CommandBehindTests {
  @Test(
    "what servers say at once that look at the control connection during a transfer",
    arguments: [
      ("NOOP", 200, "NOOP command successful"), ("NOOP", 500, "Unknown command"), ("EPSV", 229, "(|||4242|)"),
      ("EPSV", 450, "EPSV: data transfer in progress"), ("SIZE", 213, "17"), ("EPSV", 503, "Bad sequence"),
      ("RNFR", 350, "Go on"),
    ])
  func early(verb: String, code: Int, text: String) {
    #expect(CommandBehind.isEarlyAnswer(Reply(code, text), to: verb, isAnnounced: true))
  }

  @Test(
    "what ends or announces the transfer itself",
    arguments: [
      (150, "here"), (125, "here"), (226, "done"), (250, "done"), (425, "no connection"), (426, "aborted"),
      (450, "busy"), (451, "disk"), (452, "full"), (522, "resume"), (550, "no such file"), (551, "page"),
      (552, "quota"),
      (553, "name"), (421, "going"),
    ])
  func transfers(code: Int, text: String) {
    for verb in ["NOOP", "EPSV", "SIZE"] {
      #expect(!CommandBehind.isEarlyAnswer(Reply(code, text), to: verb, isAnnounced: true))
    }
  }

  @Test("before the transfer is announced it may be its own command that was not understood")
  func unannounced() {
    #expect(!CommandBehind.isEarlyAnswer(Reply(500, "Unknown command"), to: "NOOP", isAnnounced: false))
    #expect(!CommandBehind.isEarlyAnswer(Reply(550, "EPSV: no such file"), to: "NOOP", isAnnounced: false))
    #expect(CommandBehind.isEarlyAnswer(Reply(200, "fine"), to: "NOOP", isAnnounced: false))
  }
}
