import FTP
import Testing

@Suite("Hexadecimal digits")
struct HexadecimalTests {
  @Test("bytes come back from their digits, in either case")
  func roundTrip() {
    let bytes = [UInt8](0...255)
    #expect(bytes.hexadecimal.hasPrefix("000102") && bytes.hexadecimal.hasSuffix("fdfeff"))
    #expect([UInt8](hexadecimal: bytes.hexadecimal) == bytes)
    #expect([UInt8](hexadecimal: "0aFf") == [10, 255])
    #expect([UInt8](hexadecimal: "") == [])
  }

  @Test("what is no such digits is refused", arguments: ["0", "0g", "+1", "é", " 1", "0x01"])
  func refused(text: String) {
    #expect([UInt8](hexadecimal: text) == nil)
  }
}
