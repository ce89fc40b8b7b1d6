import Glibc
import SystemPackage
import TestSupport
import Testing

/// What hostile clients do to `ferry serve`, and that others are served meanwhile.
@Suite(.timeLimit(.minutes(2))) struct `A served folder under attack` {
  /// A TCP connection that says what it is told to, and reads nothing.
  private final class Socket {
    private let descriptor: Int32

    init?(port: Int, saying bytes: [UInt8] = []) {
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      let descriptor = self.descriptor
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard result == 0 else { return nil }
      send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    deinit { close(descriptor) }
  }

  @Test func `serves others while one address takes all that it can get`() async throws {
    let served = try await CommandServe(["--max-connections", "20", "--max-connections-per-address", "10"])
    try FileTree.write(Array("content".utf8), to: served.root.appending("file"))
    let openings: [[UInt8]] = [
      [], Array("AUTH TLS\r\n".utf8), Array(repeating: 0x41, count: 100_000), [0x16, 3, 1, 0x40, 0, 1],
      Array("AUTH TLS\r\nUSER ada\r\n".utf8), Array("USER ada\r\nPASS lovelace\r\n".utf8),
    ]
    let sockets = (0..<60).compactMap { Socket(port: served.port, saying: openings[$0 % openings.count]) }
    #expect(sockets.count == 60)
    #expect(try await eventually { served.program.outputText.contains("left") })
    let other = try await served.curl(["--interface", "127.0.0.2"], path: "file")
    #expect(other.outputText == "content", "\(other)")
    #expect(served.program.status == nil)
    withExtendedLifetime(sockets) {}
    await served.stop()
    #expect(served.program.status == .exited(0))
  }

  @Test func `gives nothing outside the folder, and takes nothing in a read-only one`() async throws {
    let served = try await CommandServe(["--read-only"])
    _ = try served.ferry.home.write("secret", to: "outside")
    for (link, target) in [("up", ".."), ("file", "../outside"), ("root", "/etc/passwd")] {
      #expect(symlink(target, served.root.appending(link).string) == 0)
    }
    for path in ["../outside", "%2e%2e/outside", "up/outside", "file", "root", "//etc/passwd", "serve/server.pem"] {
      let result = try await served.curl(["--path-as-is", "--ftp-method", "nocwd"], path: path)
      #expect(!result.succeeded && result.output == [], "\(path): \(result)")
    }
    let file = try served.ferry.home.write("content", to: "up")
    let sent = try await served.curl(["-T", file.string], path: "new")
    #expect(!sent.succeeded && sent.errorText.contains("read-only"), "\(sent)")
    #expect(!FileTree.exists(served.root.appending("new")))
    await served.stop()
  }

  @Test func `writes what clients say to its log without their escapes`() async throws {
    let served = try await CommandServe(["--verbose"])
    _ = try await served.curl(["-u", "a\u{1B}]52;c;x\u{7}b:guess"])
    _ = try await served.curl(["-Q", "CWD \u{1B}[31mred"])
    await served.stop()
    #expect(served.program.outputText.contains("\\x1B[31mred"))
    #expect(served.program.outputText.contains("wrong password for a\\x1B]52;c;x\\x07b"))
    #expect(!served.program.outputText.utf8.contains { $0 < 0x20 && $0 != 0x0A })
    #expect(!served.program.outputText.contains("guess"))
  }

  @Test func `calls no host but its client in active mode`() async throws {
    let served = try await CommandServe()
    try FileTree.write(Array("content".utf8), to: served.root.appending("file"))
    // (curl 7.88 begins no TLS on data connections that it accepts.)
    let own = try await served.lftp(
      "set ftp:passive-mode false\ncat /file", priority: "NORMAL:-VERS-ALL:+VERS-TLS1.2")
    #expect(own.outputText == "content", "\(own)")
    let foreign = try await served.curl(["-Q", "EPRT |1|127.0.0.2|50000|"], path: "file")
    #expect(!foreign.succeeded && foreign.errorText.contains("only to your own address"), "\(foreign)")
    await served.stop()
  }

  @Test func `reports what it has with HASH, of files over 4 GiB too`() async throws {
    let served = try await CommandServe()
    try FileTree.write(TreeFixture.bytes(3_000_000, seed: 3), to: served.root.appending("file"))
    for (algorithm, tool) in [
      ("SHA-256", "sha256sum"), ("SHA-512", "sha512sum"), ("SHA-1", "sha1sum"), ("MD5", "md5sum"),
    ] {
      let expected = try await Program(tool, [served.root.appending("file").string]).runSuccessfully().outputText
      let result = try await served.curl(["-Q", "OPTS HASH \(algorithm)", "-Q", "HASH file", "-I"])
      #expect(
        result.errorText.contains("213 \(algorithm) 0-3000000 \(expected.prefix { $0 != " " }) file"), "\(result)")
    }
    let large = served.root.appending("large")
    let descriptor = try FileDescriptor.open(
      large, .writeOnly, options: .create, permissions: .ownerReadWrite)
    try descriptor.closeAfter { _ = try descriptor.writeAll(toAbsoluteOffset: 5 << 30, Array("the end".utf8)) }
    let rest = try await served.curl(["-C", "\(5 << 30)"], path: "large")
    #expect(rest.outputText == "the end", "\(rest)")
    let size = try await served.curl(["-I"], path: "large")
    #expect(size.outputText.contains("Content-Length: \((5 << 30) + 7)"), "\(size)")
    await served.stop()
  }
}
