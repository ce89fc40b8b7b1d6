import FTP
import Storage
import SystemPackage
import TLS
import TestSupport
import Testing

@testable import ferry

/// What the screen of trusted certificates does behind the screen.
@Suite("Behind the screen of what is trusted") struct ScreenTrustTests {
  let folder: TemporaryFolder
  let database: FerryDatabase
  let trust: ScreenTrust
  let certificate: Certificate

  init() throws {
    folder = try TemporaryFolder("screen-trust")
    database = FerryDatabase(Home(folder: folder.appending("home")))
    let desk = TrustDesk(store: { [database] in database.trust }, policy: .known)
    let sessions = SessionDirectory(SessionDirectory.Terms(trust: desk))
    trust = ScreenTrust(database: database, sessions: sessions, desk: desk)
    certificate = try SelfSignedCertificate.make(
      key: .generate(.ecP256), commonName: "files.example.org", names: ["files.example.org"], days: 2, purpose: .server)
    try database.trust.remember(host: "files.example.org", port: 21, mode: .explicit, chain: [certificate])
  }

  @Test("lists, takes notes, and takes trust back")
  func changes() async throws {
    var outcome = try await trust.run(.list)
    let row = try #require(outcome.rows.first)
    #expect(row.server == ServerAddress(host: "files.example.org") && row.kind == .certificate && row.note == "")
    #expect(row.certificate.subject == "CN=files.example.org" && outcome.said == nil)
    outcome = try await trust.run(.setNote("mine", row.id))
    #expect(outcome.rows.map(\.note) == ["mine"])
    outcome = try await trust.run(.revoke(row.id, row.server))
    #expect(outcome.rows.isEmpty && outcome.said?.contains("asks again") == true)
    await #expect(throws: Complaint.self) { try await trust.run(.setNote("x", row.id)) }
  }

  @Test("exports to a new file, which another home imports, and never over a file that is there")
  func files() async throws {
    let row = try #require(try await trust.run(.list).rows.first)
    let file = folder.appending("out.pem")
    _ = try await trust.run(.export([row.id], file))
    #expect(try Certificate.pem(FileTree.read(file)) == [certificate])
    await #expect(throws: Complaint.self) { try await trust.run(.export([row.id], file)) }
    await #expect(throws: Complaint.self) { try await trust.run(.export([row.id], "/nonexistent/x/out.pem")) }

    let outcome = try await trust.run(.take(file, for: nil))
    #expect(outcome.said == "0 certificates are trusted now, 1 already was." && !outcome.isError)
    _ = try await trust.run(.revoke(row.id, row.server))
    #expect(try await trust.run(.take(file, for: nil)).said == "1 certificate is trusted now.")
    await #expect(throws: Complaint.self) { try await trust.run(.take(folder.appending("none"), for: nil)) }
    let der = folder.appending("alone.der")
    try FileTree.write(certificate.der, to: der)
    await #expect(throws: StorageError.self) { try await trust.run(.take(der, for: nil)) }
    let server = ServerAddress(host: "other.example.org", port: 2121)
    #expect(try await trust.run(.take(der, for: server)).rows.count == 2)
  }
}
