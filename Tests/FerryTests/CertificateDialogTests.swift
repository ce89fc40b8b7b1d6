import FTP
import FTPSClient
import Storage
import Terminal
import Testing

@testable import TLS
@testable import ferry

/// The dialogs about a server's certificate, with a chain of three, and after a change.
struct CertificateDialogTests {
  /// 2024-11-21 09:00:00, the time of ``Screen``.
  static let now: Int64 = 1_732_179_600

  static func sheet(_ name: String, issuer: String, byte: Int, voucher: String = "") -> CertificateSheet {
    let digits = String(byte, radix: 16, uppercase: true)
    return CertificateSheet(
      subject: "O=Example Works, CN=\(name)", issuer: "O=Example Works, CN=\(issuer)",
      names: [name, "bücher.example (xn--bcher-kva.example)"], notBefore: 1_700_000_000, notAfter: 1_760_000_000,
      serial: "4A:0B:\(digits)", key: "ECDSA P-256 (256 bits)", signature: "ecdsa-with-SHA256",
      uses: "servers, digital signature", sha256: Array(repeating: digits, count: 32).joined(separator: ":"),
      short: "\(digits)\(digits) \(digits)\(digits) … \(digits)\(digits) \(digits)\(digits)",
      sha1: Array(repeating: digits, count: 20).joined(separator: ":"), voucher: voucher, title: name)
  }

  static var chain: [CertificateSheet] { [chained.certificate] + chained.issuers }

  static let chained = CertificateQuestion(
    id: 9, host: "files.example.org", port: 21, mode: "explicit TLS", session: "TLS 1.3, TLS_AES_256_GCM_SHA384",
    certificate: sheet(
      "files.example.org", issuer: "Issuing", byte: 0xA1, voucher: "signed by certificate 2 of 3, checked"),
    issuers: [
      sheet("Issuing", issuer: "Root", byte: 0xB2, voucher: "signed by certificate 3 of 3, checked"),
      sheet("Root", issuer: "Root", byte: 0xC3, voucher: "signed by itself"),
    ],
    problems: [
      "The certificate is for bücher.example, not for files.example.org.",
      "The issuer “Root” is not among the trusted issuers.",
    ], issuer: "Issuing")

  /// Certificates of one authority, or of two, as they come from a server.
  static func changed(_ count: Int = 1, byIssuer: Bool = false) throws -> CertificateQuestion {
    let key = try PrivateKey.generate(.ecP256)
    let template = CertificateTemplate(
      commonName: "Example Issuing", notBefore: now - 86_400 * 900, notAfter: now + 86_400 * 900,
      basicConstraints: "critical,CA:TRUE", keyUsage: "critical,keyCertSign")
    let issuer = try Identity(chain: [template.signed(for: key)], key: key)
    func chain(_ from: Int64, _ to: Int64, by signer: Identity?) throws -> [Certificate] {
      let leaf = CertificateTemplate(
        commonName: "files.example.org", names: ["files.example.org"], notBefore: now + from * 86_400,
        notAfter: now + to * 86_400, extendedKeyUsage: "serverAuth")
      return [try leaf.signed(for: .generate(.ecP256), by: signer)] + (signer?.chain ?? [])
    }
    let new = try chain(-1, 365, by: byIssuer ? issuer : nil)
    let question = TrustQuestion(
      server: ServerAddress(host: "files.example.org"), chain: new,
      problems: ChainCheck.problems(of: new, host: "files.example.org", at: now, roots: .none), tlsVersion: "TLS 1.3",
      cipher: "TLS_AES_256_GCM_SHA384")
    let old = try (0..<count).map { index in
      let chain = try chain(-300, 10, by: issuer)
      return TrustedCertificate(
        id: Int64(index), host: "files.example.org", port: 21, mode: .explicit, pin: chain[0].sha256,
        certificate: chain[0], issuers: Array(chain.dropFirst()), firstSeen: now - 86_400 * 200,
        lastSeen: now - 86_400 * Int64(index + 2))
    }
    return CertificateQuestion(id: 9, TrustInquiry(question, previous: old, at: now))
  }

  private func asked(_ question: CertificateQuestion, _ size: Size = Size(columns: 80, rows: 24)) -> Screen {
    var screen = Screen.filled(size)
    screen.receive(.asked(.certificate(question)))
    return screen
  }

  @Test(
    "the answers are buttons in their order; where the chain proves an issuer, it may be trusted too",
    arguments: [
      ("Enter", TrustDesk.Answer.reject), ("Right Enter", .once), ("Right Right Enter", .always(.certificate)),
      ("Right Right Right Enter", .always(.key)), ("Right Right Right Right Enter", .always(.issuer)),
      ("BackTab Enter", .reject), ("Esc", .reject), ("F10", .reject), ("C-c", .reject),
    ])
  func answers(_ keys: String, _ answer: TrustDesk.Answer) {
    var screen = asked(Self.chained)
    screen.press(keys)
    #expect(screen.effects == [.answerCertificate(9, answer)])
  }

  @Test("no letter accepts, also while the chain is looked at", arguments: Array("abcdefgijkmnopqstuvwxyzAY"))
  func noLetter(_ letter: Character) {
    var screen = asked(Self.chained)
    screen.press(">")
    screen.type(String(letter))
    #expect(screen.effects == [])
  }

  @Test(
    "the chain is stepped through, one certificate at a time, with every field of each",
    arguments: [Size(columns: 60, rows: 16), Size(columns: 80, rows: 24), Size(columns: 120, rows: 36)])
  func chain(_ size: Size) {
    var screen = asked(Self.chained, size)
    for (index, name) in ["files.example.org", "Issuing", "Root"].enumerated() {
      #expect(screen.shows("\(index + 1) of 3: \(name)"))
      let digits = ["A1", "B2", "C3"][index]
      var seen = screen.lines
      for _ in 0..<40 {
        screen.press("Down")
        seen += screen.lines
      }
      for text in [
        "\(digits):\(digits):\(digits):\(digits)", "\(digits)\(digits) \(digits)\(digits) …", "Subject", "Issuer",
        "xn--bcher-kva", "321 days left", "4A:0B:\(digits)", "256 bits", "ecdsa-with-SHA256", "servers", "SHA-1",
      ] {
        #expect(seen.contains { $0.contains(text) }, "\(text) of \(name) is nowhere")
      }
      screen.press(">")
    }
    #expect(screen.shows("1 of 3"))
    screen.press("<")
    #expect(screen.shows("3 of 3"))
    screen.press("BackTab Left")
    #expect(screen.shows("2 of 3"))
    screen.press("Tab Enter")
    #expect(screen.effects == [.answerCertificate(9, .reject)])
  }

  @Test("the arrows of the chain and the buttons can be clicked")
  func mouse() throws {
    var screen = asked(Self.chained)
    let arrow = try screen.find("▸")
    screen.click(arrow)
    #expect(screen.shows("2 of 3: Issuing"))
    screen.click(try screen.find("◂"))
    #expect(screen.shows("1 of 3"))
    screen.click(try screen.find("Always its issuer"))
    #expect(screen.effects == [.answerCertificate(9, .always(.issuer))])
  }

  @Test("an issuer that proves nothing is not offered")
  func noIssuer() {
    var question = Self.chained
    question.issuer = nil
    var screen = asked(question)
    #expect(!screen.shows("Always its issuer"))
    screen.press("Right Right Right Right Right Enter")
    #expect(screen.effects == [.answerCertificate(9, .always(.key))])
  }

  @Test("a certificate with names that steer, hide or fill the screen is shown in its place")
  func hostile() {
    var question = Self.chained
    question.certificate.subject = "CN=\u{1B}[2J\u{1B}]0;gone\u{7}\u{202E}x"
    question.certificate.title = "\u{1B}[31mx"
    question.certificate.names = (0..<5000).map { "host\($0).example" }
    question.issuers = (0..<100).map { Self.sheet("Issuer \($0)", issuer: "x", byte: $0 + 16) }
    var screen = asked(question)
    var lines = screen.lines
    screen.press("End")
    lines += screen.lines
    for _ in 0..<101 { screen.press(">") }
    #expect(screen.shows("1 of 101"))
    #expect(lines.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E } })
    #expect(screen.find(text: "more characters are not shown"))
  }

  @Test("a chain of three on 80x24")
  func golden() {
    #expect(
      asked(Self.chained).picture == """
        ╭╭─ Unknown certificate ──────────────────────────────────────────────────────╮╮
        ││                                                                            ││
        ││  This server's certificate is not known yet. Compare its fingerprint with  ┃│
        ││  one that you trust.                                                       ┃│
        ││                                                                            ┃│
        ││  Server       files.example.org, port 21, explicit TLS                     ┃│
        ││  SHA-256      A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1              ┃│
        ││               A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1              ┃│
        ││  By phone     A1A1 A1A1 … A1A1 A1A1 (its two ends; the whole one counts)   ┃│
        ││  Not trusted  The certificate is for bücher.example, not for               ┃│
        ││               files.example.org.                                           ┃│
        ││               The issuer “Root” is not among the trusted issuers.          ┃│
        ││                                                                            ││
        ││  Subject      O=Example Works, CN=files.example.org                        ││
        ││  Issuer       O=Example Works, CN=Issuing                                  ││
        ├│  Names        files.example.org, bücher.example (xn--bcher-kva.example)    │┤
        ││  Valid        2023-11-14 to 2025-10-09, 321 days left                      ││
        ││  Vouched for  signed by certificate 2 of 3, checked                        ││
        ││                                                                            ││
        ││  Certificate  ◂                1 of 3: files.example.org                ▸  ││
        ││                                                                            ││
        ││                        Reject      This connection                         ││
        ╰│    Always this certificate      Always this key      Always its issuer     │╯
         ╰─────────────────────────────────────────────────────────────── PgDn: more ─╯
        """)
  }

  @Test("the issuer's certificate on 60x16")
  func goldenIssuer() {
    var screen = asked(Self.chained, ScreenLayout.smallest)
    screen.press(">")
    #expect(
      screen.picture == """
        ╭╭─ Unknown certificate ──────────────────────────────────╮╮
        ││                                                        ││
        ││  Server       files.example.org, port 21, explicit     ┃│
        ││               TLS                                      ┃│
        ││  SHA-256      B2:B2:B2:B2 B2:B2:B2:B2                  ││
        ││               B2:B2:B2:B2 B2:B2:B2:B2                  ││
        ││               B2:B2:B2:B2 B2:B2:B2:B2                  ││
        ││               B2:B2:B2:B2 B2:B2:B2:B2                  ││
        ││  By phone     B2B2 B2B2 … B2B2 B2B2 (its two ends;     ││
        ├│                                                        │┤
        ││  Certificate  ◂           2 of 3: Issuing           ▸  ││
        ││                                                        ││
        ││              Reject      This connection               ││
        ││      Always this certificate      Always this key      ││
        ╰│                   Always its issuer                    │╯
         ╰─────────────────────────────────────────── PgDn: more ─╯
        """)
  }

  // MARK: Changed

  @Test("a changed certificate is red, says how it looks, and compares field by field")
  func changed() throws {
    let screen = asked(try Self.changed(), Size(columns: 120, rows: 36))
    let cell = screen.canvas[try screen.find("CHANGED")]
    #expect(cell.style.background == Theme(.night)[.dialogDanger].background)
    for text in [
      "Possible attack: nothing connects it with the old one.", "Trusted before", "Shown now", "SHA-256",
      "first 2024-05-05, last 2024-11-19",
      "Issuer", "itself (self-signed)", "The same", "2024-01-26 to 2024-12-01, 10", "self-signed: nobody but its owner",
    ] {
      #expect(screen.shows(text), "\(text) is not shown\n\(screen.lines.joined(separator: "\n"))")
    }
  }

  @Test("a renewal by the same issuer is told as one, and is still not accepted by a habit")
  func renewal() throws {
    var screen = asked(try Self.changed(byIssuer: true))
    #expect(screen.shows("Renewed by the same issuer."))
    for letter in "abcdefgijkmnopqstuvwxyz" { screen.type(String(letter)) }
    #expect(screen.effects == [])
    screen.press("Enter")
    #expect(screen.effects == [.answerCertificate(9, .reject)])
  }

  @Test(
    "what is trusted of a changed one, and whether the old one stays",
    arguments: [
      ("Right Enter", TrustDesk.Answer.once), ("Right Right Enter", .always(.certificate)),
      ("Right Right Right Enter", .always(.certificate, replacing: false)),
      ("BackTab Right Tab Right Right Enter", .always(.key)),
      ("BackTab Right Right Tab Right Right Enter", .always(.issuer)),
      ("BackTab Right Right Tab Right Right Right Enter", .always(.issuer, replacing: false)), ("r", .reject),
      ("BackTab Right Enter", .reject),
    ])
  func changedAnswers(_ keys: String, _ answer: TrustDesk.Answer) throws {
    var screen = asked(try Self.changed(byIssuer: true))
    screen.press(keys)
    #expect(screen.effects == [.answerCertificate(9, answer)])
  }

  @Test("each of several old ones is compared, and the new chain can be read")
  func several() throws {
    var screen = asked(try Self.changed(2, byIssuer: true))
    #expect(screen.shows("old and new (old 1 of 2)") && screen.shows("Replace the old 2") && screen.shows("Keep all"))
    screen.press(">")
    #expect(screen.shows("old and new (old 2 of 2)"))
    screen.press(">")
    #expect(screen.shows("new, 1 of 2: files.example.org") && screen.shows("By phone"))
    screen.press(">")
    #expect(screen.shows("new, 2 of 2: Example Issuing"))
  }

  @Test("everything about a change can be read on the smallest screen")
  func smallest() throws {
    var screen = asked(try Self.changed(), ScreenLayout.smallest)
    var seen = screen.lines
    for _ in 0..<60 {
      screen.press("Down")
      seen += screen.lines
    }
    for text in ["Possible attack", "was 2024-01", "now 2024-11", "SHA-256", "The same"] {
      #expect(seen.contains { $0.contains(text) }, "\(text) is nowhere")
    }
    #expect(screen.shows("Reject") && screen.shows("Keep both"))
  }
}

extension Screen {
  /// Whether a text can be scrolled to.
  fileprivate func find(text: String) -> Bool {
    var screen = self
    for _ in 0..<400 {
      if screen.shows(text) { return true }
      screen.press("PgDn")
    }
    return false
  }
}
