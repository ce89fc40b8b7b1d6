import FTP
import Testing

@Suite("Secrets")
struct SecretTests {
  @Test("a secret lends its bytes and tells nobody else")
  func masked() {
    let secret = Secret("geheim")
    #expect(secret.withBytes { Array($0) } == Array("geheim".utf8))
    for text in [
      "\(secret)", String(reflecting: secret), String(describing: [secret]), String(describing: Optional(secret)),
    ] {
      #expect(!text.contains("geheim"))
      #expect(text.contains("••••"))
    }
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("geheim"))
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test("equal bytes are equal secrets")
  func equality() {
    #expect(Secret("a") == Secret("a"))
    #expect(Secret("a") != Secret("b"))
    #expect(Secret("a") != Secret("aa"))
    #expect(Secret("") == Secret(""))
    #expect(Secret("").isEmpty)
  }

  @Test("a secret longer than a page is whole", arguments: [4095, 4096, 4097, 100_000])
  func large(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let secret = Secret(utf8: bytes)
    #expect(secret.count == count)
    #expect(secret.withBytes { $0.elementsEqual(bytes) })
  }
}
