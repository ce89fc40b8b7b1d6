import FTP
import FTPSServer
import NIOCore
import SystemPackage
import TestSupport
import Testing

/// Commands beyond the usual ones.
@Suite("Further commands", .timeLimit(.minutes(1)))
struct ExtraCommandTests {
  @Test("HASH computes what was chosen, of files only")
  func digests() async throws {
    try await TestServer.with { server in
      try server.write(Array("abc".utf8), to: "file name")
      try server.write([], to: "empty")
      try server.folder.makeFolder("root/folder")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        // The examples of FIPS 180-4 and RFC 1321.
        let expected = [
          ("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
          ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"), ("MD5", "900150983cd24fb0d6963f7d28e17f72"),
        ]
        #expect(try client.say("HASH file name", "213") == "213 SHA-256 0-3 \(expected[0].1) file name")
        for (name, digest) in expected {
          #expect(try client.say("OPTS HASH \(name.lowercased())", "200") == "200 \(name)")
          #expect(try client.say("OPTS HASH", "200") == "200 \(name)")
          #expect(try client.say("HASH file name", "213") == "213 \(name) 0-3 \(digest) file name")
          #expect(try client.feature("HASH").contains("\(name)*"))
        }
        #expect(
          try client.say("HASH empty", "213") == "213 MD5 0-0 d41d8cd98f00b204e9800998ecf8427e empty")
        for name in ["CRC32", "ROT13", "SHA-1 SHA-256"] { try client.say("OPTS HASH \(name)", "504") }
        for name in ["folder", "missing", "../file", "/"] { try client.say("HASH \(name)", "550") }
        try client.say("HASH", "553")
      }
    }
  }

  @Test("AVBL says what room there is, and none in a read-only folder", arguments: [false, true])
  func room(isReadOnly: Bool) async throws {
    try await TestServer.changed { $0.isReadOnly = isReadOnly }.with { server in
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        let room = try Int64(client.say("AVBL", "213").dropFirst(4))
        #expect(isReadOnly ? room == 0 : room ?? 0 > 0)
        if !isReadOnly { try client.say("AVBL missing", "550") }
        #expect(try client.feature("AVBL") == " AVBL")
      }
    }
  }

  @Test("SITE UTIME sets a file's time")
  func siteTime() async throws {
    try await TestServer.with { server in
      try server.write([1], to: "a file ")
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        try client.say("SITE UTIME 20241119100233 a file ", "200")
        #expect(try client.say("MDTM a file ", "213") == "213 20241119100233")
        for arguments in ["UTIME", "UTIME 20241119100233", "UTIME 2024 a file ", "UTIME 20241319100233 a file "] {
          try client.say("SITE \(arguments)", "501")
        }
        try client.say("SITE UTIME 20241119100233 missing", "550")
        try client.say("SITE UTIME 20241119100233 ../outside", "550")
        try client.say("SITE CHMOD 777 a file ", "504")
        try client.say("SITE", "504")
        try client.say("SITE HELP", "214")
      }
    }
  }

  @Test("sizes and offsets above 4 GiB are right")
  func largeFile() async throws {
    try await TestServer.with { server in
      let size: Int64 = 5 << 30
      try server.makeSparse("large", size: size, end: Array("end".utf8))
      try await blocking {
        let client = try RawClient.loggedIn(server.port)
        #expect(try client.say("SIZE large", "213") == "213 \(size + 3)")
        try client.say("REST \(size)", "350")
        #expect(try client.receive("RETR large") == Array("end".utf8))
        try client.say("REST \(size + 4)", "350")
        _ = try client.dataPort()
        try client.say("RETR large", "554")
        try client.say("REST 9223372036854775808", "501")
        try client.say("REST -1", "501")
      }
    }
  }
}

extension RawClient {
  /// The line of FEAT that begins with a word.
  fileprivate func feature(_ name: String) throws -> String {
    try control.send(Array("FEAT\r\n".utf8))
    var found = ""
    while true {
      let line = try control.line()
      if line.hasPrefix(" \(name)") { found = line }
      if line.hasPrefix("211 ") { return found }
    }
  }
}

extension TestServer {
  /// A file that is as long as it says, and takes no room.
  fileprivate func makeSparse(_ name: String, size: Int64, end: [UInt8]) throws {
    let descriptor = try FileDescriptor.open(
      root.appending(name), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try descriptor.closeAfter { _ = try descriptor.writeAll(toAbsoluteOffset: size, end) }
  }
}
