import Testing

@testable import TLS

/// Names, addresses and wildcards of certificates (threat C03).
@Suite struct HostNameTests {
  @Test(
    "a certificate is for a host, or not",
    arguments: [
      (["files.example.org"], "files.example.org", true),
      (["files.example.org"], "FILES.Example.ORG", true),
      (["files.example.org"], "files.example.org.", true),
      (["Files.Example.org"], "files.example.org", true),
      (["files.example.org"], "example.org", false),
      (["files.example.org"], "a.files.example.org", false),
      (["files.example.org"], "files.example.organic", false),
      (["files.example.org"], "", false),
      (["a.example.org", "b.example.org"], "b.example.org", true),
      // Wildcards stand for exactly one whole label, the first.
      (["*.example.org"], "files.example.org", true),
      (["*.example.org"], "example.org", false),
      (["*.example.org"], "a.b.example.org", false),
      (["*.example.org"], ".example.org", false),
      (["f*.example.org"], "files.example.org", false),
      (["*s.example.org"], "files.example.org", false),
      (["files.*.org"], "files.example.org", false),
      (["*.org"], "example.org", false),
      (["*"], "localhost", false),
      (["*.xn--bcher-kva.example"], "files.bücher.example", true),
      // Addresses match addresses only, by value.
      (["127.0.0.1"], "127.0.0.1", true),
      (["127.0.0.1"], "127.0.0.2", false),
      (["*.0.0.1"], "127.0.0.1", false),
      (["::1"], "::1", true),
      (["::1"], "[::1]", true),
      (["2001:db8::1"], "2001:0DB8:0:0::0001", true),
      (["fe80::1"], "fe80::1%eth0", true),
      (["localhost"], "127.0.0.1", false),
      // A NUL ends nothing.
      (["files.example.org\0.evil.example"], "files.example.org", false),
      (["files.example.org"], "files.example.org\0.evil.example", false),
      (["\0"], "files.example.org", false),
      // Names in other scripts are compared in their ASCII form.
      (["xn--bcher-kva.example"], "bücher.example", true),
      (["xn--bcher-kva.example"], "BÜCHER.example", true),
      (["xn--bcher-kva.example"], "xn--bcher-kva.example", true),
      (["xn--bcher-kva.example"], "bucher.example", false),
      (["bücher.example"], "bücher.example", true),
    ])
  func match(names: [String], host: String, isMatch: Bool) throws {
    let certificate = try certificate(names)
    let problems = ChainCheck.problems(of: [certificate], host: host, at: now(), roots: .certificates([certificate]))
    #expect(problems.isEmpty == isMatch, "\(problems)")
  }

  @Test("the common name counts only where there are no names")
  func commonName() throws {
    func isFine(_ names: [String], _ host: String) throws -> Bool {
      let certificate = try certificate(names, commonName: "cn.example.org")
      return ChainCheck.problems(of: [certificate], host: host, at: now(), roots: .certificates([certificate])).isEmpty
    }
    #expect(try isFine([], "cn.example.org"))
    #expect(try !isFine(["files.example.org"], "cn.example.org"))
    #expect(try !isFine([], "files.example.org"))
  }

  @Test(
    "hosts that can be none", arguments: ["", ".", "a..b", "a b", "a\0b", "\u{7F}", String(repeating: "a", count: 64)])
  func invalid(text: String) {
    #expect(HostName(text) == nil)
  }

  @Test(
    "labels of other scripts",
    arguments: [
      ("bücher", "bcher-kva"), ("münchen", "mnchen-3ya"), ("例え", "r8jz45g"), ("ü", "tda"), ("правда", "80aafi6cg"),
      ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"), ("パフィーdeルンバ", "de-jg4avhby1noc0d"),
      ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
    ])
  func punycode(text: String, encoded: String) {
    #expect(Punycode.encode(Array(text.unicodeScalars)) == encoded)
    #expect(Punycode.decode(encoded) == text)
  }

  @Test(
    "what no encoder makes is not decoded", arguments: ["!", "a-!", "99999999", "zzzzzzzzzzzzzzzzzzzzzzzzz", "aé", "b"])
  func badPunycode(text: String) {
    #expect(Punycode.decode(text) == nil)
  }

  private func certificate(_ names: [String], commonName: String = "unrelated") throws -> Certificate {
    try SelfSignedCertificate.make(
      key: .generate(.ecP256), commonName: commonName, names: names, days: 1, purpose: .server)
  }
}
