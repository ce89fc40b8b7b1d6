import Glibc
import SystemPackage
import TestSupport
import Testing

/// The program moves the same tree to every server and back; what arrives is compared by SHA-256.
@Suite(.serialized) struct `Every server` {
  /// A server, when its TLS begins, and the only version of TLS that it speaks.
  struct Case: Sendable, CustomTestStringConvertible {
    let software: ServerSoftware
    let mode: ServerOptions.Mode
    let versions: ServerOptions.Versions
    var testDescription: String { "\(software), \(mode), \(versions.rawValue)" }

    static let all = ServerSoftware.allCases.flatMap { software in
      (software.hasImplicit ? [ServerOptions.Mode.explicit, .implicit] : [.explicit]).flatMap { mode in
        [ServerOptions.Versions.only12, .only13].map { Case(software: software, mode: mode, versions: $0) }
      }
    }
  }

  /// The size of the large file, in MiB: `FERRY_TEST_LARGE_MIB`, else 1024.
  static let largeMiB = getenv("FERRY_TEST_LARGE_MIB").flatMap { Int(String(cString: $0)) } ?? 1024

  @Test(arguments: Case.all)
  func `takes a tree and gives it back`(_ test: Case) async throws {
    let source = try await SourceTree.shared.value()
    // One copy at a time on each side, in memory where there is room for both.
    let place = TemporaryFolder.Place.memory(bytes: 5 * (Self.largeMiB << 20) / 2)
    var options = ServerOptions(mode: test.mode, versions: test.versions)
    options.place = place
    let server = try await RealServer.start(test.software, options)
    let ferry = try FerryProgram(server)

    try await ferry.runSuccessfully(["put", source.tree.string, server.address])
    #expect(try await TreeDigest(of: server.root.appending("tree")).differences(from: source.digest) == [])

    let back = try TemporaryFolder("back", in: place)
    try await ferry.runSuccessfully(["get", "\(server.address)/tree", back.path.string])
    #expect(try await TreeDigest(of: back.appending("tree")).differences(from: source.digest) == [])

    expectVersion(in: server.log, test)
    back.remove()
    await server.stop()
  }

  /// The servers that log it agree that only the wanted version was spoken.
  private func expectVersion(in log: String, _ test: Case) {
    let (wanted, other) =
      test.versions == .only12 ? ("TLSv1.2", "TLSv1.3") : ("TLSv1.3", "TLSv1.2")
    switch test.software {
    case .vsftpd:
      #expect(log.contains("SSL version: \(wanted)"))
      #expect(!log.contains("SSL version: \(other)"))
    case .proFTPD, .pyftpdlib:
      #expect(log.contains("over \(wanted)") || log.contains("\(wanted) connection accepted"))
    case .pureFTPd: break
    }
  }
}

/// The tree that is moved, made once in a process.
private actor SourceTree {
  static let shared = SourceTree()

  struct Made: Sendable {
    let folder: TemporaryFolder
    let digest: TreeDigest
    var tree: FilePath { folder.appending("tree") }
  }

  private var making: Task<Made, any Error>?

  func value() async throws -> Made {
    let task =
      making
      ?? Task {
        let mebibytes = `Every server`.largeMiB
        let folder = try TemporaryFolder("source", in: .memory(bytes: 4 * (mebibytes << 20)))
        try await TreeFixture(largeMiB: mebibytes, smallFiles: 500).make(in: folder.appending("tree"))
        return Made(folder: folder, digest: try await TreeDigest(of: folder.appending("tree")))
      }
    making = task
    return try await task.value
  }
}
