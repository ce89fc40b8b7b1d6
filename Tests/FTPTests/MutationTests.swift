import FTP
import Testing

/// What a hostile or broken server might send: good input, changed at random places. Nothing may crash, hang, or come
/// out that should not. The seed makes each run the same; a case that ever failed goes into the tables of its parser.
@Suite("Mutated input")
struct MutationTests {
  static let insertions: [[UInt8]] = [
    [0x00], [0x0A], [0x0D], [0x0D, 0x0A], [0x20], [0x09], [0x2F], [0x2E, 0x2E], [0x3B], [0x3D], [0x3A], [0x2D], [0x25],
    [0x28],
    [0x29], [0x2C], [0x7C], [0x5B], [0x5D], [0x40], [0x3C], [0x3E], [0x7F], [0x80], [0xFF], [0xC3], Array(" -> ".utf8),
    Array("99999999999999999999".utf8), Array("24:00".utf8), Array("-1".utf8), Array("\r\n230 x\r\n".utf8),
    Array("type=".utf8), Array("Nov 19".utf8), Array("<DIR>".utf8),
  ]

  /// `seed` with one to six random changes.
  static func mutated(_ seed: [UInt8], _ generator: inout Seeded) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      let length = min(Int.random(in: 0...8, using: &generator), bytes.count - place)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes.removeSubrange(place..<(place + length))
      case 1: bytes.insert(contentsOf: insertions.randomElement(using: &generator)!, at: place)
      case 2 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 3: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
      default: bytes.removeSubrange((bytes.count - length)...)
      }
    }
    return bytes
  }

  private static let replies = [
    "220-Welcome\r\n220-more\r\n text\r\n220 done\r\n", "227 Entering Passive Mode (192,0,2,1,25,46)\r\n",
    "229 Extended Passive Mode (|||6446|)\r\n", "257 \"/a \"\"b\"\" c\" created\r\n", "213 20241119100233.123\r\n",
    "213 9223372036854775807\r\n",
    "213 SHA-256 0-4 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 x\r\n",
    "211-Features:\r\n MLST type*;size*;\r\n HASH SHA-256*;MD5\r\n AUTH TLS;SSL\r\n REST STREAM\r\n211 End\r\n",
    "250-Start\r\n type=file;size=5;modify=20241119100233; /a\r\n250 End\r\n",
  ].map { Array($0.utf8) }

  @Test("replies", .timeLimit(.minutes(1)))
  func mutatedReplies() throws {
    var generator = Seeded(seed: 1)
    let name = try FileName("x")
    for round in 0..<8000 {
      let bytes = Self.mutated(Self.replies[round % Self.replies.count], &generator)
      var parser = ReplyParser()
      let split = Int.random(in: 0...bytes.count, using: &generator)
      for part in [bytes[..<split], bytes[split...]] {
        parser.append(part)
        while let reply = try? parser.next() {
          #expect(100...699 ~= reply.code && !reply.lines.isEmpty)
          #expect(reply.logged.joined().unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
          if let port = try? PassiveAddress.extendedPort(reply) { #expect(PassiveAddress.ports ~= port) }
          if let port = try? PassiveAddress.port(reply) { #expect(PassiveAddress.ports ~= port.port) }
          if let size = try? FileReply.size(in: reply) { #expect(size >= 0) }
          if let path = try? PathReply.path(in: reply) { #expect(path == (try? RemotePath(path.bytes))) }
          _ = try? FileReply.modified(in: reply)
          _ = try? FileReply.digest(.sha256, in: reply)
          _ = try? ListingEntry(mlst: reply, name: name)
          _ = Features(reply)
        }
      }
    }
  }

  private static let listings: [(ListingParser.Format, [UInt8])] =
    UnixListingTests.rows.map { (.list, $0.line) } + OtherListingTests.windows.map { (.list, $0.line) }
    + OtherListingTests.others.map { (.list, Array($0.1.map(\.line).joined(separator: [0x0A]))) }
    + MLSDTests.rows.map { (.mlsd, $0.line) }

  @Test("listings", .timeLimit(.minutes(1)))
  func mutatedListings() {
    var generator = Seeded(seed: 2)
    for round in 0..<8000 {
      let (format, seed) = Self.listings[round % Self.listings.count]
      let bytes = Self.mutated(seed, &generator)
      var whole = ListingParser(format: format, now: .testNow)
      whole.append(bytes)
      let result = Result { try whole.finish() }
      let entries = whole.takeEntries()
      for entry in entries {
        #expect((try? FileName(entry.name.bytes)) == entry.name)
        #expect(entry.size ?? 0 >= 0)
        #expect(entry.permissions ?? 0 <= 0o7777)
      }
      var split = ListingParser(format: format, now: .testNow)
      let place = Int.random(in: 0...bytes.count, using: &generator)
      split.append(bytes[..<place])
      split.append(bytes[place...])
      #expect((try? result.get()) == (try? split.finish()))
      #expect(split.takeEntries() == entries)
    }
  }

  private static let addresses = [
    "ftpes://ada:geheim@files.example.org:2121/a%20b/../c", "ftps://[2001:db8::1%25eth0]:990/x",
    "ftp://192.0.2.1/%FF?a#b",
  ].map { Array($0.utf8) }

  @Test("addresses", .timeLimit(.minutes(1)))
  func mutatedAddresses() {
    var generator = Seeded(seed: 3)
    for round in 0..<8000 {
      let bytes = Self.mutated(Self.addresses[round % Self.addresses.count], &generator)
      let text = String(decoding: bytes, as: UTF8.self)
      do throws(FTPError) {
        let address = try FTPAddress(text)
        #expect(1...65_535 ~= address.port)
        #expect(address.mode != .plaintext)
        #expect(
          !address.host.isEmpty && address.host.utf8.allSatisfy { 0x20 < $0 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
        var again = try FTPAddress(address.description)
        again.password = address.password
        #expect(again == address)
      } catch {
        #expect(error.description.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
      }
    }
  }

  @Test("long lines cost no more than their length", .timeLimit(.minutes(1)))
  func longLines() {
    let patterns = [
      "a ", " -> ", "1 ", "Nov 19 ", "-", "type=a;", "1,", "-rw-r--r-- ", "11-19-24 ", ";", "[", "é", "<DIR> ", "+i1,",
    ]
    for pattern in patterns {
      for format in [ListingParser.Format.list, .mlsd] {
        let line = String(repeating: pattern, count: 60_000 / pattern.utf8.count) + "\n"
        for head in ["", "lrwxrwxrwx 1 a b 5 Nov 19 10:02 ", "type=OS.unix=slink:", "+", "d [RWCEAFMS] "] {
          var parser = ListingParser(format: format, now: .testNow)
          for _ in 0..<2 { parser.append((head + line).utf8) }
          _ = try? parser.finish()
          #expect(parser.summary.entries + parser.summary.unparsed <= 2)
        }
      }
    }
  }
}
