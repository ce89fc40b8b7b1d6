import FTPSClient
import Storage
import Terminal
import Testing

@testable import TLS
@testable import ferry

/// The dialog about a certificate that has changed: each verdict on it, and what it looks like (threat C02).
struct ChangedCertificateTests {
  static let now = CertificateDialogTests.now
  static let host = "files.example.org"
  private static let office = Result { try authority("Example Issuing") }

  /// How the old and the new certificate are connected, as in `CertificateChange.Verdict`.
  enum Row: CaseIterable, Sendable {
    case sameKey, renewal, nowVouchedFor, severalMachines, earlyRenewal, olderAgain, unproven, everything
  }

  private static func authority(_ name: String) throws -> Identity {
    let key = try PrivateKey.generate(.ecP256)
    let template = CertificateTemplate(
      commonName: name, notBefore: now - 86_400 * 900, notAfter: now + 86_400 * 900,
      basicConstraints: "critical,CA:TRUE", keyUsage: "critical,keyCertSign")
    return try Identity(chain: [template.signed(for: key)], key: key)
  }

  /// Valid from and until so many days from now; self-signed without a signer.
  private static func chain(
    _ days: ClosedRange<Int64>, by signer: Identity?, key: PrivateKey? = nil
  ) throws -> [Certificate] {
    let leaf = CertificateTemplate(
      commonName: host, names: [host], notBefore: now + days.lowerBound * 86_400,
      notAfter: now + days.upperBound * 86_400, extendedKeyUsage: "serverAuth")
    return [try leaf.signed(for: key ?? .generate(.ecP256), by: signer)] + (signer?.chain ?? [])
  }

  private static func change(_ row: Row) throws -> CertificateChange {
    let office = try office.get()
    let key = try PrivateKey.generate(.ecP256)
    let (old, new) =
      switch row {
      case .sameKey: (try chain(-300...10, by: office, key: key), try chain(-1...365, by: office, key: key))
      case .renewal: (try chain(-300...10, by: office), try chain(-1...365, by: office))
      case .nowVouchedFor: (try chain(-100...300, by: nil), try chain(-1...365, by: office))
      case .severalMachines: (try chain(-60...300, by: office), try chain(-50...310, by: office))
      case .earlyRenewal: (try chain(-60...300, by: office), try chain(0...365, by: office))
      case .olderAgain: (try chain(-10...355, by: office), try chain(-300...65, by: office))
      case .unproven: (try chain(-300...5, by: nil), try chain(-1...365, by: nil))
      case .everything: (try chain(-300...10, by: office), try chain(-1...365, by: nil))
      }
    return CertificateChange(
      from: old, lastSeen: now - 86_400 * 2, to: new,
      problems: ChainCheck.problems(of: new, host: host, at: now, roots: .certificates(office.chain)), host: host,
      at: now)
  }

  /// The same texts at every run: only the verdict, and what differs, come from real certificates.
  private static func question(_ row: Row) throws -> CertificateQuestion {
    var question = CertificateDialogTests.chained
    let change = try change(row)
    if question.issuer != nil, [.unproven, .everything].contains(row) { question.issuer = nil }
    question.previous = [
      CertificateQuestion.Previous(
        sheet: CertificateDialogTests.sheet(host, issuer: "Issuing", byte: 0xD4), kind: "this certificate",
        note: "told by phone", firstSeen: now - 86_400 * 200, lastSeen: now - 86_400 * 2, change: change)
    ]
    return question
  }

  private func asked(_ row: Row, _ columns: Int, _ rows: Int) throws -> Screen {
    var screen = Screen.filled(Size(columns: columns, rows: rows))
    screen.receive(.asked(.certificate(try Self.question(row))))
    return screen
  }

  @Test(
    "each verdict is told with its head and what to do, in the colour of its alarm, and none is a habit",
    arguments: Row.allCases, [(80, 24), (120, 36)])
  func verdicts(_ row: Row, _ size: (columns: Int, rows: Int)) throws {
    var screen = try asked(row, size.columns, size.rows)
    let verdict = try Self.change(row).verdict
    #expect(screen.dialogWords.contains("\(verdict.title). \(verdict.description)"), "\(screen.picture)")
    let style = screen.canvas[try screen.find(verdict.title + ".")].style
    let theme = Theme(.night)
    #expect(style.background == theme[.dialogDanger].background)
    #expect((style.foreground == theme[.dialogWarning].foreground) == (verdict.alarm == .high))
    for letter in "abcdefgijkmnopqstuvwxyz" { screen.type(String(letter)) }
    #expect(screen.effects == [])
    screen.press("Enter")
    #expect(screen.effects == [.answerCertificate(9, .reject)])
  }

  @Test("the rows are those of the verdict")
  func rows() throws {
    let verdicts = try Row.allCases.map { try Self.change($0).verdict }
    #expect(
      verdicts.map { "\($0.title)" } == [
        "Renewed with the same key", "Renewed by the same issuer", "Now an authority vouches for it",
        "Perhaps another machine of the same host", "By the same issuer, but early",
        "An older certificate is shown again", "Perhaps renewed by its owner",
        "Possible attack: nothing connects it with the old one",
      ])
  }

  @Test("nothing connects them: on 80x24")
  func golden() throws {
    let screen = try asked(.everything, 80, 24)
    #expect(
      screen.picture == """
        ╭╭─ The certificate has CHANGED ──────────────────────────────────────────────╮╮
        ││                                                                            ││
        ││  The certificate of files.example.org, port 21 is another one than         ┃│
        ││  before.                                                                   ┃│
        ││  Possible attack: nothing connects it with the old one.                    ┃│
        ││  Nothing connects the new certificate with the one you trusted. Somebody   ┃│
        ││  may be between you and the server: accept it only if its owner confirms   ┃│
        ││  the fingerprint.                                                          ┃│
        ││                                                                            ┃│
        ││  Now       The certificate is for bücher.example, not for                  ┃│
        ││            files.example.org.                                              ┃│
        ││            The issuer “Root” is not among the trusted issuers.             ┃│
        ││            Trusted before                  Shown now                       ││
        ││  SHA-256   D4:D4:D4:D4 D4:D4:D4:D4         A1:A1:A1:A1 A1:A1:A1:A1         ││
        ││            D4:D4:D4:D4 D4:D4:D4:D4         A1:A1:A1:A1 A1:A1:A1:A1         ││
        ├│            D4:D4:D4:D4 D4:D4:D4:D4         A1:A1:A1:A1 A1:A1:A1:A1         │┤
        ││            D4:D4:D4:D4 D4:D4:D4:D4         A1:A1:A1:A1 A1:A1:A1:A1         ││
        ││  Seen      first 2024-05-05, last          now                             ││
        ││                                                                            ││
        ││  Show   ◂                          old and new                          ▸  ││
        ││  Trust  ● this certificate   ○ its key                                     ││
        ││                                                                            ││
        ╰│    Reject      This connection      Replace the old one      Keep both     │╯
         ╰─────────────────────────────────────────────────────────────── PgDn: more ─╯
        """)
  }

  @Test("nothing connects them: on 120x36")
  func goldenLarge() throws {
    let screen = try asked(.everything, 120, 36)
    #expect(
      screen.picture == """
        ╭─ ~/site ─────────────────────────────────────────────────╮╭─ ■ ada@files.example.org /www ───────────────────────────╮
        │ Name ▲                                Size  Modified     ││ Name ▲                                Size  Modified     │
        │ ..                                                       ││ ..                                                       │
        │ assets/        ╭─ The certificate has CHANGED ──────────────────────────────────────────────────────╮r  Nov 19 10:02 │
        │ drafts/        │                                                                                    │r  Nov 21 00:00 │
        │ index.html     │  The certificate of files.example.org, port 21 is another one than before.         │B  Nov  2 09:11 │
        │ photo9.jpg     │  Possible attack: nothing connects it with the old one.                            │                │
        │ photo10.jpg    │  Nothing connects the new certificate with the one you trusted. Somebody may be    │                │
        │ style.css      │  between you and the server: accept it only if its owner confirms the              │                │
        │                │  fingerprint.                                                                      │                │
        │                │                                                                                    │                │
        │                │  Now       The certificate is for bücher.example, not for files.example.org.       │                │
        │                │            The issuer “Root” is not among the trusted issuers.                     │                │
        │                │            Trusted before                      Shown now                           │                │
        │                │  SHA-256   D4:D4:D4:D4 D4:D4:D4:D4             A1:A1:A1:A1 A1:A1:A1:A1             │                │
        │                │            D4:D4:D4:D4 D4:D4:D4:D4             A1:A1:A1:A1 A1:A1:A1:A1             │                │
        │                │            D4:D4:D4:D4 D4:D4:D4:D4             A1:A1:A1:A1 A1:A1:A1:A1             │                │
        │                │            D4:D4:D4:D4 D4:D4:D4:D4             A1:A1:A1:A1 A1:A1:A1:A1             │                │
        │                │  Seen      first 2024-05-05, last 2024-11-19   now                                 │                │
        │                │  Issuer    O=Example Works, CN=Issuing         O=Example Works, CN=Issuing         │                │
        │                │  Valid     2023-11-14 to 2025-10-09, 321       2023-11-14 to 2025-10-09, 321       │                │
        │                │            days left                           days left                           │                │
        │                │  Serial    4A:0B:D4                            4A:0B:A1                            │                │
        │                │  Key       the trusted key                     another key                         │                │
        │                │  The same  subject, names, kind of key, signature algorithm, uses                  │                │
        │                │  Trusted   this certificate: told by phone                                         │                │
        │                │                                                                                    │                │
        ├─ 6 items ──────│  Show   ◂                              old and new                              ▸  │esumed · 24 ms ─┤
        │  Queue   Log   │                                                                                    │                │
        │  All 0  Running│  Trust  ● this certificate   ○ its key                                             │                │
        │                │                                                                                    │                │
        │                │        Reject      This connection      Replace the old one      Keep both         │                │
        │                ╰────────────────────────────────────────────────────────────────────────────────────╯                │
        │                                                                                                                      │
        ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
         F1 Help    F2 Sites    F3 View    F4 Edit    F5 Copy    F6 Move    F7 Folder    F8 Delete    F9 Menu    F10 Quit
        """)
  }

  @Test("a renewal by the same issuer: on 80x24")
  func goldenRenewal() throws {
    let screen = try asked(.renewal, 80, 24)
    #expect(
      screen.picture == """
        ╭╭─ The certificate has CHANGED ──────────────────────────────────────────────╮╮
        ││                                                                            ││
        ││  The certificate of files.example.org, port 21 is another one than         ┃│
        ││  before.                                                                   ┃│
        ││  Renewed by the same issuer.                                               ┃│
        ││  The new certificate is signed by the same issuer, “Example Issuing”, as   ┃│
        ││  the old one has 10 days left.                                             ┃│
        ││                                                                            ┃│
        ││  Now       The certificate is for bücher.example, not for                  ┃│
        ││            files.example.org.                                              ┃│
        ││            The issuer “Root” is not among the trusted issuers.             ┃│
        ││            Trusted before                  Shown now                       ┃│
        ││  SHA-256   D4:D4:D4:D4 D4:D4:D4:D4         A1:A1:A1:A1 A1:A1:A1:A1         ┃│
        ││            D4:D4:D4:D4 D4:D4:D4:D4         A1:A1:A1:A1 A1:A1:A1:A1         ││
        ││            D4:D4:D4:D4 D4:D4:D4:D4         A1:A1:A1:A1 A1:A1:A1:A1         ││
        ├│            D4:D4:D4:D4 D4:D4:D4:D4         A1:A1:A1:A1 A1:A1:A1:A1         │┤
        ││  Seen      first 2024-05-05, last          now                             ││
        ││            2024-11-19                                                      ││
        ││                                                                            ││
        ││  Show   ◂                          old and new                          ▸  ││
        ││  Trust  ● this certificate   ○ its key   ○ its issuer for this host        ││
        ││                                                                            ││
        ╰│    Reject      This connection      Replace the old one      Keep both     │╯
         ╰─────────────────────────────────────────────────────────────── PgDn: more ─╯
        """)
  }

  @Test("the new certificate alone: on 120x36")
  func goldenNew() throws {
    var screen = try asked(.renewal, 120, 36)
    screen.press(">")
    #expect(
      screen.picture == """
        ╭─ ~/site ─────────────────────────────────────────────────╮╭─ ■ ada@files.example.org /www ───────────────────────────╮
        │ Name ▲                                Size  Modified     ││ Name ▲                                Size  Modified     │
        │ ..                                                       ││ ..                                                       │
        │ assets/                                dir  Nov 19 10:02 ││ assets/                                dir  Nov 19 10:02 │
        │ drafts/                                dir  Feb 14  2024 ││ logs/                                  dir  Nov 21 00:00 │
        │ index.html     ╭─ The certificate has CHANGED ──────────────────────────────────────────────────────╮B  Nov  2 09:11 │
        │ photo9.jpg     │                                                                                    │                │
        │ photo10.jpg    │  The certificate of files.example.org, port 21 is another one than before.         │                │
        │ style.css      │                                                                                    │                │
        │                │  SHA-256      A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1                      │                │
        │                │               A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1                      │                │
        │                │  By phone     A1A1 A1A1 … A1A1 A1A1 (its two ends; the whole one counts)           │                │
        │                │  Subject      O=Example Works, CN=files.example.org                                │                │
        │                │  Issuer       O=Example Works, CN=Issuing                                          │                │
        │                │  Names        files.example.org, bücher.example (xn--bcher-kva.example)            │                │
        │                │  Valid        2023-11-14 to 2025-10-09, 321 days left                              │                │
        │                │  Vouched for  signed by certificate 2 of 3, checked                                │                │
        │                │  Key          ECDSA P-256 (256 bits)                                               │                │
        │                │  Signature    ecdsa-with-SHA256                                                    │                │
        │                │  For          servers, digital signature                                           │                │
        │                │  Serial       4A:0B:A1                                                             │                │
        │                │  SHA-1        A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1:A1          │                │
        │                │  Session      explicit TLS, TLS 1.3, TLS_AES_256_GCM_SHA384                        │                │
        │                │                                                                                    │                │
        │                │  Show   ◂                    new, 1 of 3: files.example.org                     ▸  │                │
        │                │                                                                                    │                │
        │                │  Trust  ● this certificate   ○ its key   ○ its issuer for this host                │                │
        ├─ 6 items ──────│                                                                                    │esumed · 24 ms ─┤
        │  Queue   Log   │        Reject      This connection      Replace the old one      Keep both         │                │
        │  All 0  Running╰────────────────────────────────────────────────────────────────────────────────────╯                │
        │                                                                                                                      │
        │                            Nothing is being transferred: F5 copies, or drag rows across.                             │
        │                                                                                                                      │
        │                                                                                                                      │
        ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
         F1 Help    F2 Sites    F3 View    F4 Edit    F5 Copy    F6 Move    F7 Folder    F8 Delete    F9 Menu    F10 Quit
        """)
  }
}
