import SystemPackage
import TestSupport
import Testing

/// Proves with lftp that every server stores the whole fixture, odd names included, and gives it back unchanged.
@Suite struct `A tree with odd names` {
  @Test(arguments: ServerSoftware.allCases)
  func `goes to a server and back with lftp`(_ software: ServerSoftware) async throws {
    let folder = try TemporaryFolder()
    let tree = folder.appending("tree")
    try await TreeFixture(smallFiles: 20).make(in: tree)
    let expected = try await TreeDigest(of: tree)
    let server = try await RealServer.start(software)
    // GnuTLS resumes sessions of TLS 1.2 only.
    let script = """
      set ssl:ca-file "\(TestCertificates.authority)"
      set ssl:priority "NORMAL:-VERS-ALL:+VERS-TLS1.2"
      set ftp:ssl-force true
      set ftp:ssl-protect-data true
      set ftp:use-mlsd \(software.hasMLSD)
      set ftp:list-options "-a"
      set file:charset UTF-8
      set ftp:charset UTF-8
      set ftp:use-utf8 true
      set net:max-retries 2
      set cmd:fail-exit true
      open -u \(RealServer.user),\(server.password) ftp://127.0.0.1:\(server.port)
      mirror -R --no-perms "\(tree)" tree
      mirror --no-perms tree "\(folder.appending("back"))"
      """
    let result = try await Program(
      "lftp", ["--norc", "-c", script], environment: ["HOME": folder.path.string]
    ).run(timeout: .seconds(120))
    #expect(result.succeeded, "\(result)\n\(server.log.suffix(3000))")
    #expect(try await TreeDigest(of: server.root.appending("tree")).differences(from: expected) == [])
    #expect(try await TreeDigest(of: folder.appending("back")).differences(from: expected) == [])
    await server.stop()
  }
}
