import FTP
import TLS
import Testing

@testable import Storage

/// Files that carry trusted certificates.
@Suite("A file of trusted certificates")
struct TrustFileTests {
  let fixture: Fixture
  let trust: TrustStore
  let certificate: Certificate

  init() throws {
    fixture = try Fixture()
    trust = fixture.database.trust
    certificate = try selfSigned("files.example.org")
  }

  private func fileZilla(_ certificates: String) -> [UInt8] {
    Array(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <FileZilla3 version="3.69.3" platform="linux">
      \t<TrustedCerts>\(certificates)</TrustedCerts>
      \t<FtpSessionResumption>
      \t\t<Entry Host="files.example.org" Port="21">true</Entry>
      \t</FtpSessionResumption>
      </FileZilla3>

      """.utf8)
  }

  private func element(host: String = "files.example.org", port: String = "21", data: String? = nil) -> String {
    let hexadecimal = certificate.der.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return """
      <Certificate><Data>\(data ?? hexadecimal)</Data><ActivationTime>1</ActivationTime>
      <ExpirationTime>2</ExpirationTime><Host>\(host)</Host><Port>\(port)</Port><TrustSANs>1</TrustSANs></Certificate>
      """
  }

  private func reason(_ bytes: [UInt8]) -> String {
    do {
      _ = try TrustFile.read(bytes)
      return "nothing is wrong"
    } catch .noTrustFile(let reason) {
      return reason
    } catch {
      return "another error: \(error)"
    }
  }

  @Test("FileZilla's list is taken over, each certificate for its host and port alone, and twice is once")
  func fileZillas() throws {
    let content = try TrustFile.read(fileZilla(element() + element(host: "&#x3A;:1", port: "990")))
    #expect(content.omitted.isEmpty)
    var takeover = try trust.take(content)
    #expect(takeover.added.map(\.host) == ["files.example.org", "::1"])
    #expect(takeover.added.map(\.mode) == [.explicit, .implicit])
    #expect(takeover.added.allSatisfy { $0.certificate == certificate && $0.kind == .certificate })
    try trust.setNote("mine", of: takeover.added[0].id)
    takeover = try trust.take(content)
    #expect(takeover.added.isEmpty && takeover.known.count == 2)
    #expect(try trust.list().map(\.note) == ["from FileZilla", "mine"])
  }

  @Test("an entry that is no certificate for a host is left out with its reason, the others are taken")
  func omitted() throws {
    let bad = [
      element(host: ""), element(port: "0"), element(port: "70000"), element(port: "x"), element(data: "3000"),
      element(data: "xyz"), element(data: ""), "<Certificate/>",
    ]
    let content = try TrustFile.read(fileZilla(bad.joined() + element()))
    #expect(content.entries.count == 1)
    #expect(content.omitted.count == bad.count)
    #expect(content.omitted[0] == "Certificate 1 was left out: it names no host.")
    let takeover = try trust.take(TrustFile.read(fileZilla(element(host: "a b") + element())))
    #expect(takeover.added.count == 1)
    #expect(takeover.omitted == ["a b cannot be a host name."])
  }

  @Test("foreign text in a reason is escaped")
  func escaped() throws {
    let content = try TrustFile.read(fileZilla(element(host: "a\u{202E}b\u{9B}", data: "00")))
    #expect(
      content.omitted.allSatisfy { text in !text.unicodeScalars.contains { ["\u{202E}", "\u{9B}"].contains($0) } })
  }

  @Test(
    "what is broken or made to break is refused with the reason",
    arguments: [
      ("<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>", "document type"),
      ("<?xml version=\"1.0\"?><!DOCTYPE FileZilla3 SYSTEM \"file:///etc/passwd\"><FileZilla3/>", "document type"),
      ("<FileZilla3>&b;</FileZilla3>", "entity that it does not explain"),
      ("<FileZilla3>&#0;</FileZilla3>", "entity that it does not explain"),
      ("<FileZilla3>&#x110000;</FileZilla3>", "entity that it does not explain"),
      ("<FileZilla3>&amp</FileZilla3>", "entity is not closed"),
      ("<FileZilla3><![CDATA[x]]></FileZilla3>", "only other programs read"),
      ("<FileZilla3><?php x ?></FileZilla3>", "only other programs read"), ("<FileZilla3>", "ends too early"),
      ("<FileZilla3", "blank is missing"), ("<FileZilla3></other>", "not closed"), ("<a><b></a></b>", "not closed"),
      ("<a b=\"1\" b=\"2\"/>", "comes twice"), ("<a b=1/>", "no quotes"), ("<a b=\"<\"/>", "not closed"),
      ("<a b=\"1\"c=\"2\"/>", "blank is missing"), ("<a/><b/>", "follows its end"), ("<!-- never", "ends too early"),
      ("<", "name is missing"), ("<a>" + String(repeating: "<b>", count: 100_000), "too deep"),
      ("<FileZilla3/>", "no list of trusted certificates"), ("hello", "neither"), ("", "neither"),
      ("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", "neither"),
    ])
  func hostile(text: String, why: String) {
    #expect(reason(Array(text.utf8)).contains(why))
  }

  @Test("bytes that are no text, too many elements, too large a file")
  func sizes() {
    #expect(reason(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)).contains("UTF-8"))
    #expect(reason(Array("<a>\(String(repeating: "<b/>", count: 200_001))</a>".utf8)).contains("too many elements"))
    #expect(reason([UInt8](repeating: 0x3C, count: 16 << 20 | 1)).contains("larger than"))
    #expect(reason(fileZilla("")) == "there is no certificate in it")
    #expect(reason([0xFF, 0xFE, 0x00]).contains("neither"))
  }

  @Test("the line of what is wrong is told")
  func line() {
    #expect(reason(Array("<a>\n<b>\n</c></a>".utf8)).hasPrefix("line 3: "))
  }

  @Test("damaged lists are read or refused, but never more than that", arguments: 0..<4)
  func mutation(seed: UInt64) {
    var random = SeededGenerator(seed)
    let list = fileZilla(element() + element())
    for _ in 0..<200 {
      var bytes = list
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let content = try? TrustFile.read(bytes) else { continue }
      #expect(content.entries.allSatisfy { !$0.chain.isEmpty && 1...65_535 ~= $0.port })
    }
  }

  @Test("what is written in PEM form is taken back as it was, notes and all")
  func pem() throws {
    let key = try PrivateKey.generate(.ecP256)
    let kept = [
      try trust.remember(
        host: "files.example.org", port: 2121, mode: .explicit, chain: [certificate],
        note: "Ada's \u{1B}[31mbox\n# Note: x"),
      try trust.remember(host: "::1", port: 990, mode: .implicit, chain: [try selfSigned("x", key: key)], kind: .key),
    ]
    let text = TrustFile.pem(kept)
    #expect(!text.contains("\u{1B}"))
    let content = try TrustFile.read(Array(text.utf8))
    #expect(content.omitted.isEmpty)
    #expect(content.entries.map(\.host) == ["files.example.org", "::1"])
    #expect(content.entries.map(\.kind) == [.certificate, .key])
    #expect(content.entries.map(\.mode) == [.explicit, .implicit])
    #expect(content.entries.map(\.chain) == kept.map { [$0.certificate] })
    #expect(content.entries[0].note == "Ada's \\x1B[31mbox\\x0A# Note: x")
    let other = try Fixture().database.trust
    #expect(try other.take(content).added.map(\.pin) == kept.map(\.pin))
  }

  @Test("a bare certificate needs the server that it is for, in PEM and in DER")
  func bare() throws {
    let server = ServerAddress(host: "files.example.org")
    for bytes in [certificate.der, Array(certificate.pem.utf8), Array("text before\n\(certificate.pem)".utf8)] {
      #expect(reason(bytes).contains("for which server"))
      let content = try TrustFile.read(bytes, for: server)
      #expect(content.entries.map(\.chain) == [[certificate]] && content.entries[0].port == 21)
    }
  }

  @Test("an issuer that did not sign the certificate with it is left out")
  func issuer() throws {
    let text =
      "# Ferry trusts for ftpes://files.example.org: issuer\n\(certificate.pem)\(try selfSigned("other").pem)"
    let takeover = try trust.take(TrustFile.read(Array(text.utf8)))
    #expect(takeover.added.isEmpty && takeover.omitted.count == 1)
    let alone = "# Ferry trusts for ftpes://files.example.org: issuer\n\(certificate.pem)"
    #expect(try TrustFile.read(Array(alone.utf8)).omitted == ["Line 1 does not say what is trusted."])
  }
}
