import FTP
import Testing

@testable import ferry

@Suite("A netrc file") struct CommandsNetrcTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var host = "files.example.org"
    var user: String?
    var login: String?
    var password: String?
    var testDescription: String { text }
  }

  @Test(
    "gives login and password of the first entry that fits",
    arguments: [
      Case(text: "machine files.example.org login ada password sesame", login: "ada", password: "sesame"),
      Case(text: "machine\n files.example.org\n\tlogin ada\r\n password sesame\n", login: "ada", password: "sesame"),
      Case(text: "machine FILES.example.ORG login ada password x", login: "ada", password: "x"),
      Case(
        text: "machine other login bob password y machine files.example.org login ada password x",
        login: "ada", password: "x"),
      Case(
        text: "machine files.example.org login bob password y machine files.example.org login ada password x",
        user: "ada", login: "ada", password: "x"),
      Case(text: "machine other login bob password y default login ada password x", login: "ada", password: "x"),
      Case(
        text: "machine files.example.org login ada password \"two words \\\" \\\\\"", login: "ada",
        password: "two words \" \\"),
      Case(
        text: "# machine files.example.org login eve password z\nmachine files.example.org login ada password x",
        login: "ada", password: "x"),
      Case(
        text: "macdef init\nmachine files.example.org login eve password z\n\n"
          + "machine files.example.org login ada account a password x", login: "ada", password: "x"),
      Case(text: "machine files.example.org login ada", login: "ada"),
      Case(text: "machine files.example.org login ada password p#ss", login: "ada", password: "p#ss"),
    ])
  func gives(_ test: Case) throws {
    let entry = try #require(Netrc(Secret(test.text)).entry(host: test.host, user: test.user))
    #expect(entry.login == test.login)
    #expect(entry.password == test.password.map { Secret($0) })
  }

  @Test(
    "gives nothing for another host or another user",
    arguments: [
      Case(text: "machine other login ada password x"),
      Case(text: "machine files.example.org login bob password x", user: "ada"),
      Case(text: ""), Case(text: "machine"), Case(text: "login ada password x"), Case(text: "\""),
    ])
  func givesNothing(_ test: Case) {
    #expect(Netrc(Secret(test.text)).entry(host: test.host, user: test.user) == nil)
  }
}
