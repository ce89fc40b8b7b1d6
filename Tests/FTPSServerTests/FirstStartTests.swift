import FTPSServer
import Glibc
import SystemPackage
import TLS
import TestSupport
import Testing

/// What is made at the first start, and kept.
@Suite("The first start")
struct FirstStartTests {
  @Test("the certificate is made once, for this computer, and only its owner can read it")
  func identity() throws {
    let folder = try TemporaryFolder("identity")
    let first = try ServerIdentity.loadOrCreate(folder.appending("state"))
    let second = try ServerIdentity.loadOrCreate(folder.appending("state"))
    #expect(first.chain == second.chain)
    #expect(Set(first.chain[0].details.names).isSuperset(of: ["localhost", "127.0.0.1"]))
    let problems = ChainCheck.problems(
      of: first.chain, host: "127.0.0.1", at: Int64(time(nil)), roots: .certificates(first.chain))
    #expect(problems.isEmpty)
    var status = stat()
    #expect(stat(folder.appending("state/\(ServerIdentity.fileName)").string, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(try FileTree.names(in: folder.appending("state")) == ["server.pem"])
  }

  @Test("a broken file is reported, and never replaced")
  func brokenIdentity() throws {
    let folder = try TemporaryFolder("identity")
    let file = try folder.write("nonsense", to: ServerIdentity.fileName)
    #expect(throws: ServerError.self) { _ = try ServerIdentity.loadOrCreate(folder.path) }
    #expect(try FileTree.read(file) == Array("nonsense".utf8))
  }

  @Test("many who start at the same time agree on one certificate")
  func race() async throws {
    let folder = try TemporaryFolder("identity")
    let path = folder.path
    let prints = try await withThrowingTaskGroup(of: Fingerprint.self) { group in
      for _ in 0..<8 { group.addTask { try ServerIdentity.loadOrCreate(path).chain[0].sha256 } }
      return try await group.reduce(into: Set<Fingerprint>()) { $0.insert($1) }
    }
    #expect(prints.count == 1)
  }

  @Test("the sample files are made once, the same each time, and what a user changes stays")
  func demoFolder() async throws {
    let folder = try TemporaryFolder("demo")
    let path = folder.appending("above/samples")
    try DemoFolder.create(at: path)
    let other = folder.appending("other")
    try DemoFolder.create(at: other)
    try await Program("diff", ["-r", path.string, other.string]).runSuccessfully()
    let files = try await Program("find", [path.string, "-type", "f", "-printf", "%s\n"]).runSuccessfully()
    let sizes = files.outputText.split(separator: "\n").compactMap { Int($0) }
    #expect(sizes.count > 30)
    #expect((2 << 20..<8 << 20).contains(sizes.reduce(0, +)))
    try folder.write("mine", to: "above/samples/README.txt")
    #expect(unlink(path.appending("media/backup.bin").string) == 0)
    try DemoFolder.create(at: path)
    #expect(try FileTree.read(path.appending("README.txt")) == Array("mine".utf8))
    #expect(!FileTree.exists(path.appending("media/backup.bin")))
    #expect(try FileTree.names(in: folder.appending("above")) == ["samples"])
  }
}
