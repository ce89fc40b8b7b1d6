import FTP
import Testing

@Suite("Addresses")
struct AddressTests {
  @Test(
    "addresses and how they print",
    arguments: [
      ("ftpes://h", "ftpes://h"), ("ftp://h", "ftpes://h"), ("ftps://h", "ftps://h"),
      ("FTPES://Files.Example.ORG", "ftpes://files.example.org"),
      ("ftpes://h/", "ftpes://h/"), ("ftpes://h:21/a", "ftpes://h/a"), ("ftpes://h:990", "ftpes://h:990"),
      ("ftps://h:990", "ftps://h"),
      ("ftps://h:21", "ftps://h:21"), ("ftpes://ada@h:2121/a/b", "ftpes://ada@h:2121/a/b"),
      ("ftpes://ada:geheim@h", "ftpes://ada@h"), ("ftpes://ada@example.org@h", "ftpes://ada%40example.org@h"),
      ("ftpes://a%3Ab@h", "ftpes://a%3Ab@h"), ("ftpes://[::1]", "ftpes://[::1]"),
      ("ftpes://[2001:DB8::1]:2121/x", "ftpes://[2001:db8::1]:2121/x"),
      ("ftpes://[fe80::1%25eth0]", "ftpes://[fe80::1%25eth0]"), ("ftpes://[fe80::1%eth0]", "ftpes://[fe80::1%25eth0]"),
      ("ftpes://[fe80::1%2525x]", "ftpes://[fe80::1%2525x]"),
      ("ftpes://[::ffff:192.0.2.1]", "ftpes://[::ffff:192.0.2.1]"), ("ftpes://192.0.2.1:1", "ftpes://192.0.2.1:1"),
      ("ftpes://h:65535", "ftpes://h:65535"), ("ftpes://h/a b", "ftpes://h/a%20b"),
      ("ftpes://h/a%20b%2Fc", "ftpes://h/a%20b/c"),
      ("ftpes://h/%FF%25", "ftpes://h/%FF%25"), ("ftpes://h/a?b#c", "ftpes://h/a%3Fb%23c"),
      ("ftpes://h/ü", "ftpes://h/%C3%BC"),
      ("ftpes://h/a/../../b/./", "ftpes://h/b"), ("  ftpes://h/a \n", "ftpes://h/a"),
      ("ftpes://h/a@b", "ftpes://h/a@b"),
      ("ftpes://xn--mnchen-3ya.example.", "ftpes://xn--mnchen-3ya.example."), ("ftpes://my_host", "ftpes://my_host"),
    ])
  func printed(_ text: String, _ expected: String) throws {
    let address = try FTPAddress(text)
    #expect(address.description == expected)
    var again = try FTPAddress(expected)
    again.password = address.password
    #expect(again == address)
  }

  @Test("the parts of an address")
  func parts() throws {
    let address = try FTPAddress("ftps://ad%C3%A4:ge%3Aheim:%40@[::1]:2121/a%20b")
    #expect(address.mode == .implicit)
    #expect(address.user == "adä")
    #expect(address.password == Secret("ge:heim:@"))
    #expect(address.host == "::1")
    #expect(address.port == 2121)
    #expect(address.path?.text == "/a b")
    #expect(address.server == ServerAddress(host: "::1", port: 2121, mode: .implicit, user: "adä"))
    #expect(FTPAddress(server: address.server, path: address.path, password: address.password) == address)
    #expect(try FTPAddress("ftpes://h").path == nil)
    #expect(try FTPAddress("ftpes://h").user == nil)
    #expect(try FTPAddress("ftpes://ada@h").password == nil)
    #expect(try FTPAddress("ftpes://ada:@h").password == Secret(""))
  }

  @Test(
    "what is wrong, and what to write instead",
    arguments: [
      ("", .noScheme("")), ("files.example.org", .noScheme("files.example.org")), ("ftpes:/h", .noScheme("ftpes:/h")),
      ("://h", .noScheme("://h")), ("sftp://h", .unknownScheme("sftp")), ("http://h", .unknownScheme("http")),
      ("ftpes://", .noHost),
      ("ftpes:///a", .noHost), ("ftpes://ada@", .noHost), ("ftpes://:21", .noHost), ("ftpes://@h", .emptyUser),
      ("ftpes://:pw@h", .emptyUser),
      ("ftpes://h:", .port("")), ("ftpes://h:0", .port("0")), ("ftpes://h:65536", .port("65536")),
      ("ftpes://h:-1", .port("-1")),
      ("ftpes://h:ftp", .port("ftp")), ("ftpes://h:99999999999999999999", .port("99999999999999999999")),
      ("ftpes://::1", .bareIPv6("::1")),
      ("ftpes://[::1", .unclosedBracket), ("ftpes://[::1]x", .host("[::1]x")), ("ftpes://[]", .host("")),
      ("ftpes://[192.0.2.1]", .host("192.0.2.1")),
      ("ftpes://[1::2::3]", .host("1::2::3")), ("ftpes://[:1]", .host(":1")),
      ("ftpes://[1:2:3:4:5:6:7]", .host("1:2:3:4:5:6:7")),
      ("ftpes://[1:2:3:4:5:6:7::8]", .host("1:2:3:4:5:6:7::8")), ("ftpes://[12345::]", .host("12345::")),
      ("ftpes://[fe80::1%]", .host("fe80::1%")),
      ("ftpes://münchen.example", .internationalHost("münchen.example")), ("ftpes://a b", .host("a b")),
      ("ftpes://a..b", .host("a..b")),
      ("ftpes://-a", .host("-a")), ("ftpes://a?b", .host("a?b")), ("ftpes://256.0.0.1", .host("256.0.0.1")),
      ("ftpes://1.2", .host("1.2")),
      ("ftpes://010.0.0.1", .host("010.0.0.1")), ("ftpes://h%2Fx", .host("h%2Fx")),
      ("ftpes://a\\b@h\\c", .host("h\\c")), ("ftpes://h/%", .escape("/%")),
      ("ftpes://h/%4", .escape("/%4")), ("ftpes://h/%zz", .escape("/%zz")), ("ftpes://a%@h", .escape("a%")),
      ("ftpes://a:geheim%@h", .escape("the password")), ("ftpes://h/a%0Ab", .forbidden(in: "path")),
      ("ftpes://h/a%00b", .forbidden(in: "path")),
      ("ftpes://a%0D%0ADELE@h", .forbidden(in: "user name")), ("ftpes://a:b%0A@h", .forbidden(in: "password")),
      ("ftpes://h/a\nb", .forbidden(in: "address")), ("ftpes://h\u{1B}", .forbidden(in: "address")),
      ("ftpes://%FF@h", .userNotUTF8),
    ] as [(String, AddressProblem)])
  func refused(_ text: String, _ problem: AddressProblem) {
    let error = #expect(throws: FTPError.address(problem)) { try FTPAddress(text) }
    #expect(error?.description.contains("geheim") == false)
    #expect(error?.description.contains("\n") == false)
  }

  @Test("a host name may be as long as DNS allows")
  func longHost() {
    let label = String(repeating: "a", count: 63)
    #expect(throws: Never.self) { try FTPAddress("ftpes://\(label).\(label).\(label).b") }
    #expect(throws: FTPError.self) { try FTPAddress("ftpes://a\(label)") }
    #expect(throws: FTPError.self) { try FTPAddress("ftpes://\(label).\(label).\(label).\(label)") }
  }

  @Test(
    "what looks like an address and not like a folder",
    arguments: [
      ("ftpes://h", true), ("sftp://h", true), ("/a", false), ("a", false), ("C:/", false), ("://", false),
      ("a:b", false), ("./x://y", false),
    ])
  func looks(_ text: String, _ expected: Bool) {
    #expect(FTPAddress.looksLikeAddress(text) == expected)
  }

  @Test("plaintext is never what an address asks for")
  func plaintext() throws {
    let server = ServerAddress(host: "H", mode: .plaintext)
    #expect(server.description == "ftp://h")
    #expect(server.port == 21)
    #expect(try FTPAddress(server.description).mode == .explicit)
  }
}
