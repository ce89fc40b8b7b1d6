import FTP
import Testing

@Suite("Passive replies")
struct PassiveAddressTests {
  @Test(
    "ports of 229 replies",
    arguments: [
      ("Entering Extended Passive Mode (|||6446|)", 6446), ("Entering Extended Passive Mode (|||65535|).", 65_535),
      ("(!!!1024!)", 1024), ("Modus (erweitert) passiv (|||5000|)", 5000), ("ok(|||05000|)", 5000),
      ("Extended Passive (:::40000:)", 40_000),
    ])
  func extended(_ text: String, _ port: Int) throws {
    #expect(try PassiveAddress.extendedPort(Reply(229, text)) == port)
  }

  @Test(
    "229 replies that are refused",
    arguments: [
      "", "(", "(|", "(||", "(|||", "(||||)", "(|||0|)", "(|||22|)", "(|||1023|)", "(|||65536|)", "(|||99999999999|)",
      "(|||6446)", "(|||6446|", "(|||6446| )", "(|||-6446|)", "(|||64a6|)", "(||6446|)", "(||||6446|)", "(|!|6446|)",
      "(|1|192.0.2.1|6446|)", "|||6446|", "6446", "(1116446111)", "(   6446 )", "(\u{E9}\u{E9}\u{E9}6446\u{E9})",
      "(|||006446|)", "(||| 6446|)",
    ])
  func badExtended(_ text: String) {
    #expect(throws: FTPError.self) { try PassiveAddress.extendedPort(Reply(229, text)) }
  }

  @Test(
    "ports and stated hosts of 227 replies",
    arguments: [
      ("Entering Passive Mode (192,0,2,1,25,46)", 6446, [192, 0, 2, 1]),
      ("Entering Passive Mode (192,0,2,1,25,46).", 6446, [192, 0, 2, 1]),
      ("Entering Passive Mode 192,0,2,1,25,46", 6446, [192, 0, 2, 1]),
      ("=127,0,0,1,4,0", 1024, [127, 0, 0, 1]), ("Mode 2 (0,0,0,0,255,255)", 65_535, [0, 0, 0, 0]),
      ("Hello, (255,255,255,255,8,1)", 2049, [255, 255, 255, 255]),
    ] as [(String, Int, [UInt8])])
  func passive(_ text: String, _ port: Int, _ host: [UInt8]) throws {
    let address = try PassiveAddress.port(Reply(227, text))
    #expect(address.port == port)
    #expect(address.statedHost == host)
  }

  @Test(
    "227 replies that are refused",
    arguments: [
      "", "(", "()", "(1,2,3,4,5)", "(1,2,3,4,5,6,7)", "(256,0,0,1,25,46)", "(192,0,2,1,256,46)", "(192,0,2,1,25,256)",
      "(192,0,2,1,0,0)", "(192,0,2,1,0,21)", "(192,0,2,1,3,255)", "(192,0,2,1,,46)", "(,192,0,2,1,25,46)",
      "(192,0,2,1,25,46,)", "(192.0.2.1.25.46)", "(192, 0, 2, 1, 25, 46)",
      "(1924,0,2,1,25,46)", "(0192,0,2,1,25,46)", "(::1,25,46)", "(99999999999999999999,0,2,1,25,46)",
    ])
  func badPassive(_ text: String) {
    #expect(throws: FTPError.self) { try PassiveAddress.port(Reply(227, text)) }
  }

  @Test("another code is no passive reply")
  func otherCode() {
    #expect(throws: FTPError.self) { try PassiveAddress.extendedPort(Reply(227, "(|||6446|)")) }
    #expect(throws: FTPError.self) { try PassiveAddress.port(Reply(229, "(192,0,2,1,25,46)")) }
  }
}
