import FTP
import FTPSClient
import NIOCore
import NIOPosix
import Synchronization
import SystemPackage
import TLS
import TestSupport
import Testing

@testable import ferry

/// Sessions as sequence diagrams.
@Suite("The session's diagram", .serialized, .timeLimit(.minutes(2)))
struct SessionDiagramTests {
  // MARK: Real sessions

  @Test("of a real server is the one in the README", arguments: [ServerOptions.Mode.explicit, .implicit])
  func golden(mode: ServerOptions.Mode) async throws {
    let record = try await Self.play(mode)
    let text = SequenceDiagram.text(of: Normal.record(record), width: 80)
    let golden = mode == .explicit ? SessionGoldens.explicit : SessionGoldens.implicit
    #expect(text == golden, "drawn:\n\(text)")
    let readme = try FileTree.text(ProjectFolders.root.appending("README.md"))
    let indented = golden.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
      line.isEmpty ? "" : "    \(line)"
    }
    #expect(readme.contains(indented.joined(separator: "\n")), "README.md has another picture")
  }

  /// A listing and a download, or an upload, with vsftpd over TLS 1.3.
  private static func play(_ mode: ServerOptions.Mode) async throws -> SessionRecord {
    let server = try await RealServer.start(.vsftpd, ServerOptions(mode: mode, versions: .only13))
    defer { Task { await server.stop() } }
    try FileTree.write(Array(repeating: 0x61, count: 4301), to: server.root.appending("index.html"))
    try await server.adopt()
    let book = SessionBook()
    let address = ServerAddress(
      host: "127.0.0.1", port: server.port, mode: mode == .implicit ? .implicit : .explicit, user: RealServer.user)
    let session = try await FTPSession.open(
      SessionConfiguration(
        server: address, password: Secret(server.password), trust: AcceptAll(),
        roots: .certificates(try Certificate.pem(FileTree.read(TestCertificates.authority))), book: book),
      on: MultiThreadedEventLoopGroup.singleton)
    let home = try RemotePath(server.home)
    if mode == .explicit {
      _ = try await session.list(home, now: Timestamp(seconds: 1_800_000_000)) { _ in }
      _ = try await session.retrieve(home.appending(try FileName("index.html")), into: Nowhere())
    } else {
      _ = try await session.store(home.appending(try FileName("notes.txt")), source: Bytes(812))
    }
    await session.quit()
    let records = book.read()
    #expect(records.count == 1 && records[0].hasEnded)
    // vsftpd's own root is a folder of the test's.
    let events = records[0].events.map { Normal.withoutFolder($0, server.home) }
    return SessionRecord(number: 1, server: records[0].server, events: events)
  }

  // MARK: Pure ones

  @Test("of a session in the clear has no tunnel, and says so")
  func plaintext() {
    let text = SequenceDiagram.text(of: Self.record(.plaintext, Self.plainEvents), width: 60)
    #expect(text == SessionGoldens.plaintext, "drawn:\n\(text)")
  }

  @Test("of a session that is under way stays open, and of a cut transfer says what is missing")
  func troubled() {
    let text = SequenceDiagram.text(of: Self.record(.implicit, Self.troubledEvents), width: 72)
    #expect(text == SessionGoldens.troubled, "drawn:\n\(text)")
  }

  @Test("is drawn in every width, whatever a server says", arguments: [1, 60, 61, 79, 80, 119, 120, 400])
  func widths(width: Int) {
    let limits = SequenceDiagram.widths
    for events in [Self.plainEvents, Self.troubledEvents, Self.hostileEvents] {
      let lines = SequenceDiagram.lines(of: Self.record(.explicit, events), width: width)
      let wanted = min(max(width, limits.lowerBound), limits.upperBound)
      for line in lines {
        #expect(line.runs.map(\.text).joined().count <= wanted, "\(line.text)")
        #expect(!line.text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x202E })
      }
    }
  }

  @Test("never has a password in it, and bounds what it keeps")
  func secretsAndBounds() {
    var record = Self.record(.explicit, [])
    record.append(SessionEvent(.zero, .command(Command.pass(Secret("hunter2")).logged)))
    let long = String(repeating: "é", count: 5000)
    for number in 0..<10_000 {
      record.append(SessionEvent(.milliseconds(number), SessionEvent.Kind(Reply(200, "\(number) \(long)"))))
    }
    #expect(record.events.count == SessionRecord.headLimit + SessionRecord.tailLimit)
    #expect(record.omitted == 10_001 - record.events.count)
    let text = SequenceDiagram.text(of: record, width: 120)
    #expect(!text.contains("hunter2"))
    #expect(text.contains("PASS ••••"))
    #expect(text.contains("… \(record.omitted) events left out …"))
    #expect(text.contains("200 9999 "))
  }

  static func record(_ mode: TLSMode, _ events: [SessionEvent.Kind]) -> SessionRecord {
    SessionRecord(
      number: 7, server: ServerAddress(host: "files.example.org", mode: mode, user: "ada"),
      events: events.enumerated().map { SessionEvent(.milliseconds(7 * $0.offset), $0.element) })
  }

  static let plainEvents: [SessionEvent.Kind] = [
    .connecting, .connected(address: "192.0.2.7", port: 21), .reply(code: 220, text: "ready", lines: 1),
    .command("USER ada"), .reply(code: 331, text: "Password?", lines: 1), .command("PASS ••••"),
    .reply(code: 230, text: "Welcome", lines: 3), .command("EPSV"),
    .reply(code: 229, text: "Entering extended passive mode (|||50001|)", lines: 1),
    .command("STOR /a.txt"), .data(1, .connecting(.upload, port: 50001)), .data(1, .opened(nil)),
    .reply(code: 150, text: "Go on", lines: 1), .data(1, .ended(bytes: 1, problem: nil)),
    .reply(code: 226, text: "Done", lines: 1), .command("QUIT"), .reply(code: 221, text: "Bye", lines: 1),
    .ended("the session was ended", inOrder: true),
  ]

  static let resumed = SessionEvent.Protection(
    version: "TLS 1.2", cipher: "ECDHE-ECDSA-AES256-GCM-SHA384", isResumed: true)

  static let troubledEvents: [SessionEvent.Kind] = [
    .connecting, .connected(address: "2001:db8::7", port: 990),
    .judged(
      SessionEvent.Judgement(
        shown: SessionEvent.Protection(
          version: "TLS 1.2", cipher: "ECDHE-ECDSA-AES256-GCM-SHA384", isResumed: false,
          subject: "CN=files.example.org",
          fingerprint: Fingerprint(bytes: 0..<32), clientCertificate: .missing,
          messages: [
            HandshakeMessage(.client, "ClientHello"), HandshakeMessage(.server, "ServerHello"),
            HandshakeMessage(.server, "Certificate"), HandshakeMessage(.server, "ServerKeyExchange"),
            HandshakeMessage(.server, "CertificateRequest"), HandshakeMessage(.server, "ServerHelloDone"),
          ]),
        problems: ["The certificate is self-signed: nobody but its owner vouches for it."])),
    .secured(
      SessionEvent.Protection(
        version: "TLS 1.2", cipher: "ECDHE-ECDSA-AES256-GCM-SHA384", isResumed: false, subject: "CN=files.example.org",
        fingerprint: Fingerprint(bytes: 0..<32), clientCertificate: .missing,
        messages: [
          HandshakeMessage(.client, "ClientHello"), HandshakeMessage(.server, "ServerHello"),
          HandshakeMessage(.server, "Certificate"), HandshakeMessage(.server, "ServerKeyExchange"),
          HandshakeMessage(.server, "CertificateRequest"), HandshakeMessage(.server, "ServerHelloDone"),
          HandshakeMessage(.client, "ClientKeyExchange"), HandshakeMessage(.client, "ChangeCipherSpec"),
          HandshakeMessage(.client, "Finished", isEncrypted: true), HandshakeMessage(.server, "ChangeCipherSpec"),
          HandshakeMessage(.server, "Finished", isEncrypted: true),
        ])),
    .reply(code: 220, text: "ready", lines: 1), .command("USER ada"), .reply(code: 232, text: "Enough", lines: 1),
    .command("RETR /big.iso"), .data(1, .connecting(.download, port: 50001)), .data(1, .opened(resumed)),
    .reply(code: 150, text: "Here it comes", lines: 1), .command("EPSV"),
    .reply(code: 229, text: "(|||50002|)", lines: 1), .command("RETR /other.iso"),
    .data(2, .connecting(.download, port: 50002)),
    .data(1, .ended(bytes: 1_234_567, problem: "The data connection ended without the TLS end mark.")),
    .reply(code: 426, text: "Connection closed; transfer aborted", lines: 1),
    .data(2, .opened(SessionEvent.Protection(version: "TLS 1.2", cipher: "X", isResumed: false))),
  ]

  static let hostileEvents: [SessionEvent.Kind] = [
    .connecting,
    .reply(code: 550, text: SafeText.escape(Array("\u{1B}]0;x\u{7}\u{202E}漢字漢字漢字".utf8)), lines: 1),
    .command(String(repeating: "漢字", count: 90)), .data(9, .ended(bytes: .max, problem: nil)),
    .data(1, .connecting(.listing, port: 1)), .data(2, .connecting(.listing, port: 2)),
    .data(3, .connecting(.upload, port: 3)), .data(4, .connecting(.upload, port: 65535)),
    .data(5, .connecting(.download, port: 5)), .reply(code: 150, text: String(repeating: "x", count: 300), lines: 9),
    .data(2, .opened(resumed)), .data(4, .opened(resumed)),
    .data(4, .ended(bytes: 0, problem: String(repeating: "y ", count: 99))),
    .data(2, .ended(bytes: 12, problem: nil)),
    .secured(resumed), .secured(resumed), .ended(String(repeating: "z", count: 300), inOrder: false),
  ]
}

/// Events with what differs between two runs made the same.
private enum Normal {
  static func record(_ record: SessionRecord) -> SessionRecord {
    let server = ServerAddress(host: "files.example.org", mode: record.server.mode, user: record.server.user)
    var ports: [String: String] = [:]
    for case .data(let number, .connecting(_, let port)) in record.events.map(\.kind) {
      ports["|||\(port)|"] = "|||\(50_000 + number)|"
    }
    let events = inUsualOrder(record.events).enumerated().map { index, event in
      SessionEvent(.milliseconds(index), kind(event.kind, port: server.port, ports))
    }
    return SessionRecord(number: record.number, server: server, events: events)
  }

  /// What comes on two connections at the same time may be heard in either order.
  private static func inUsualOrder(_ events: [SessionEvent]) -> [SessionEvent] {
    var events = events
    for index in events.indices.dropLast() {
      switch (events[index].kind, events[index + 1].kind) {
      case (.data(_, .opened), .reply(150, _, _)), (.reply(226, _, _), .data(_, .ended)):
        events.swapAt(index, index + 1)
      default: continue
      }
    }
    return events
  }

  private static func kind(_ kind: SessionEvent.Kind, port: Int, _ ports: [String: String]) -> SessionEvent.Kind {
    switch kind {
    case .connected: return .connected(address: "192.0.2.7", port: port)
    case .reply(let code, let text, let lines):
      // The time of a file that was just made.
      let text = code == 213 && text.count == 14 ? "20261102091100" : text
      return .reply(code: code, text: ports.reduce(text) { $0.replacing($1.key, with: $1.value) }, lines: lines)
    case .judged(var judgement):
      judgement.shown.fingerprint = Fingerprint(bytes: 0x40..<0x60)
      return .judged(judgement)
    case .data(let number, .connecting(let direction, _)):
      return .data(number, .connecting(direction, port: 50_000 + number))
    default: return kind
    }
  }

  static func withoutFolder(_ event: SessionEvent, _ folder: String) -> SessionEvent {
    guard folder != "/" else { return event }
    switch event.kind {
    case .command(let text):
      let short = text.replacing(folder + "/", with: "/www/").replacing(folder, with: "/www")
      return SessionEvent(event.time, .command(short))
    case .reply(let code, let text, let lines):
      let short = text.replacing(folder + "/", with: "/www/").replacing(folder, with: "/www")
      return SessionEvent(event.time, .reply(code: code, text: short, lines: lines))
    default: return event
    }
  }
}

private struct AcceptAll: TrustAuthority {
  func judge(_ question: TrustQuestion) async -> TrustDecision { .accept }
  func stands(_ question: TrustQuestion) async -> Bool { true }
}

private struct Nowhere: ByteSink {
  func write(_ bytes: ByteBuffer) async throws {}
}

private final class Bytes: ByteSource {
  private let rest: Mutex<Int>
  init(_ count: Int) { rest = Mutex(count) }
  func read(upTo count: Int) async throws -> ByteBuffer? {
    let count = rest.withLock { rest in
      defer { rest -= min(rest, count) }
      return min(rest, count)
    }
    return count == 0 ? nil : ByteBuffer(repeating: 0x62, count: count)
  }
}
