import Testing

@testable import TLS

@Suite struct ReadableNameTests {
  @Test(
    "a name of another script is shown in both forms",
    arguments: [
      ("files.example.org", "files.example.org"),
      ("*.xn--bcher-kva.example", "*.bücher.example (*.xn--bcher-kva.example)"),
      ("XN--BCHER-KVA.example", "bücher.example (XN--BCHER-KVA.example)"),
      // Not what it means, but that it means nothing.
      ("xn--999999999.example", "xn--999999999.example"), ("xn--.example", "xn--.example"), ("", ""),
      ("a..b", "a..b"), ("192.0.2.1", "192.0.2.1"), ("::1", "::1"),
      // Cyrillic "ра" before Latin "ypal".
      ("xn--ypal-43d9g.example", "раypal.example (xn--ypal-43d9g.example) [letters of several scripts]"),
      ("xn--80ak6aa92e.example", "аррӏе.example (xn--80ak6aa92e.example)"),
      ("раypal.example", "раypal.example [letters of several scripts]"),
    ])
  func shown(name: String, text: String) {
    #expect(ReadableName(name).description == text)
  }

  @Test("what is hidden in an encoded name is not made plain by decoding it")
  func hidden() throws {
    let encoded = try #require(Punycode.encode(Array("a\u{202E}b".unicodeScalars)))
    #expect(ReadableName("xn--\(encoded).example").decoded == "a\u{202E}b.example")
  }

  @Test("a fingerprint in groups, and its ends for the phone")
  func fingerprint() throws {
    let fingerprint = try #require(Fingerprint("3FA209C1" + String(repeating: "00", count: 24) + "770BE45D"))
    #expect(fingerprint.groups.count == 8)
    #expect(fingerprint.groups.first == "3F:A2:09:C1" && fingerprint.groups.last == "77:0B:E4:5D")
    #expect(fingerprint.groups.joined(separator: ":") == String(fingerprint.description.dropFirst(7)))
    #expect(fingerprint.short == "3FA2 09C1 … 770B E45D")
  }

  @Test("how long a certificate is valid, by the clock that is given")
  func validity() throws {
    let details = try Authority(name: "Root").issue("a") { ($0.notBefore, $0.notAfter) = (1_000_000, 2_000_000) }
      .details
    #expect(details.validity(at: 1_000_000) == .valid(daysLeft: 11))
    #expect(details.validity(at: 2_000_000) == .valid(daysLeft: 0))
    #expect(details.validity(at: 2_000_001) == .over(days: 0))
    #expect(details.validity(at: 2_000_000 + 3 * 86_400) == .over(days: 3))
    #expect(details.validity(at: 999_999) == .notYet(days: 0))
    #expect(details.validity(at: 0) == .notYet(days: 11))
    #expect(details.validity(at: .min) == .notYet(days: .max))
  }
}
