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

  @Test(
    "a secret has lines, as files have them",
    arguments: [
      ("", [""]), ("one", ["one"]), ("one\n", ["one", ""]), ("one\r\ntwo\n", ["one", "two", ""]),
      ("\none", ["", "one"]),
      ("a\rb\n", ["a\rb", ""]),
    ])
  func lines(text: String, lines: [String]) {
    #expect(Secret(text).lines == lines.map { Secret($0) })
    #expect(Secret(text).firstLine == Secret(lines[0]))
  }

  @Test("what is collected piece by piece is whole, up to its limit")
  func collecting() {
    var collector = SecretCollector(capacity: 4096)
    let text = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for start in stride(from: 0, to: 4000, by: 1000) {
      let added = collector.fill { buffer in
        buffer.copyBytes(from: text[start..<start + 1000])
        return 1000
      }
      #expect(added == 1000)
    }
    let atTheEnd = collector.fill { _ in 0 }
    #expect(atTheEnd == 0)
    for byte in text[4000...] { collector.append(byte) }
    let (isFull, whole) = (collector.isFull, collector.secret)
    #expect(isFull)
    #expect(whole == Secret(utf8: text))
  }

  @Test("a secret longer than a page is whole", arguments: [4095, 4096, 4097, 100_000])
  func large(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let secret = Secret(utf8: bytes)
    #expect(secret.count == count)
    #expect(secret.withBytes { $0.elementsEqual(bytes) })
  }
}
