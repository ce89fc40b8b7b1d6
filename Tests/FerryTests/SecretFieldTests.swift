import FTP
import Glibc
import Terminal
import TestSupport
import Testing

@testable import ferry

/// Passwords and passphrases that are typed, and what is left of them in memory.
struct SecretFieldTests {
  @Test(
    "editing a line that nobody sees",
    arguments: [
      ("abc|def", "BS", "ab|def"), ("abc|def", "Del", "abc|ef"), ("abc|def", "Home", "|abcdef"),
      ("abc|def", "C-u", "|def"), ("abc|def", "C-k", "abc|"), ("é|", "BS", "|"), ("日本|語", "BS", "日|語"),
      ("日|本", "ü", "日ü|本"), ("|", "BS", "|"), ("one two|", "C-w", "|"), ("one|two", "C-Right", "onetwo|"),
    ])
  func editing(_ before: String, _ key: String, _ after: String) throws {
    let parts = before.split(separator: "|", omittingEmptySubsequences: false)
    var field = SecretField()
    field.insert(parts.joined())
    field.moveToStart()
    field.moveCursor(by: parts[0].count)
    #expect(field.received(try #require(Screen.key(key))))
    let text = field.secret.withBytes { String(decoding: $0, as: UTF8.self) }
    #expect(text.prefix(field.cursor) + "|" + text.dropFirst(field.cursor) == after)
    #expect(field.count == text.count)
  }

  @Test("what is pasted is one line, of the same bytes, and bounded")
  func pasting() {
    var field = SecretField()
    field.insert("ab")
    field.moveCursor(by: -1)
    PastedText("é\n日").withBytes { field.insert($0) }
    #expect(field.secret == Secret("aé 日b") && field.cursor == 4 && field.count == 5)
    PastedText(String(repeating: "é", count: 5_000)).withBytes { field.insert($0) }
    #expect(field.count == 4_096 && field.secret.count == 2 * 4_091 + 8)
  }

  @Test(
    "nothing of a typed or pasted password is left in memory once its dialog was left",
    arguments: [("Enter", false), ("Esc", false), ("Enter", true), ("Esc", true)])
  func nothingIsLeft(_ key: String, isPasted: Bool) {
    let password = MaskedText.random(count: 14)
    var screen = Screen.filled()
    screen.receive(.asked(.password(PasswordQuestion(id: 3, server: Screen.server))))
    if isPasted {
      password.withBytes { bytes in screen.receive(.terminal(.paste(PastedText(sent: bytes)))) }
    } else {
      for character in password.characters { screen.receive(.terminal(.key(.character(character)))) }
    }
    #expect(screen.shows(String(repeating: "•", count: password.count)))
    #expect(password.copiesInMemory > 0)
    screen.press(key)
    #expect(Self.answeredCount(screen.effects) == (key == "Enter" ? password.count : nil))
    screen = Screen.filled()
    #expect(password.copiesInMemory == 0)
  }

  private static func answeredCount(_ effects: [Effect]) -> Int? {
    for case .answerPassword(3, let answer) in effects { return answer?.secret.count }
    return nil
  }

  @Test("nor of a new passphrase, whose strength was shown")
  func nothingOfPassphrases() {
    let passphrase = MaskedText.random(count: 14)
    var screen = Screen.filled()
    screen.state.openNewPassphrase(IdentityScreenTests.rows[0])
    for character in passphrase.characters { screen.receive(.terminal(.key(.character(character)))) }
    screen.press("Tab x Enter")
    #expect(screen.shows("differ"))
    screen.press("Esc")
    #expect(screen.effects.isEmpty)
    #expect(passphrase.copiesInMemory == 0)
  }
}

/// A text that this process has nowhere as it is, to look for copies of it.
private struct MaskedText {
  private let masked: [UInt8]
  var count: Int { masked.count }

  static func random(count: Int) -> MaskedText {
    MaskedText(masked: (0..<count).map { _ in UInt8.random(in: 0x61...0x7A) ^ 0x80 })
  }

  /// Made one by one.
  var characters: some Sequence<Character> { masked.lazy.map { Character(Unicode.Scalar($0 ^ 0x80)) } }

  func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    for (index, byte) in masked.enumerated() { bytes[index] = byte ^ 0x80 }
    body(UnsafeRawBufferPointer(bytes))
    explicit_bzero(bytes.baseAddress!, count)
    bytes.deallocate()
  }

  /// How often the process has it: as bytes, or as an array of characters.
  var copiesInMemory: Int {
    var copies = 0
    withBytes { bytes in copies += Self.count(of: bytes) }
    // A small String of one byte, as the standard library has it: the byte, blanks, and its length.
    let array = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 16, alignment: 16)
    array.initializeMemory(as: UInt8.self, repeating: 0)
    for (index, byte) in masked.enumerated() {
      array[index * 16] = byte ^ 0x80
      array[index * 16 + 15] = 0xE1
    }
    copies += Self.count(of: UnsafeRawBufferPointer(array))
    explicit_bzero(array.baseAddress!, array.count)
    array.deallocate()
    return copies
  }

  private static func count(of needle: UnsafeRawBufferPointer) -> Int {
    let own = UInt(bitPattern: needle.baseAddress!)
    let memory = open("/proc/self/mem", O_RDONLY)
    defer { close(memory) }
    guard let maps = fopen("/proc/self/maps", "r"), memory >= 0 else { preconditionFailure("no view of the memory") }
    defer { fclose(maps) }
    var regions: [(start: UInt, end: UInt)] = []
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), maps) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let words = text.split(separator: " ")
      let ends = words[0].split(separator: "-")
      if words[1].hasPrefix("rw"), let start = UInt(ends[0], radix: 16), let end = UInt(ends[1], radix: 16) {
        regions.append((start, end))
      }
    }
    // Read, not looked at in place: another thread may give a region back meanwhile.
    let window = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { window.deallocate() }
    let windowAt = UInt(bitPattern: window.baseAddress!)
    var found = 0
    for region in regions {
      var at = region.start
      while at < region.end {
        let count = pread(
          memory, window.baseAddress!, min(window.count, Int(region.end - at)), off_t(at))
        guard count > needle.count else { break }
        var from = 0
        while let hit = memchr(window.baseAddress! + from, Int32(needle[0]), count - from) {
          let offset = hit - window.baseAddress!
          if offset + needle.count > count { break }
          let address = at + UInt(offset)
          let isOwn = address == own || (windowAt..<windowAt + UInt(window.count)).contains(address)
          if !isOwn, memcmp(hit, needle.baseAddress!, needle.count) == 0 { found += 1 }
          from = offset + 1
        }
        if at + UInt(count) >= region.end { break }
        at += UInt(count - needle.count + 1)
      }
    }
    explicit_bzero(window.baseAddress!, window.count)
    return found
  }
}
