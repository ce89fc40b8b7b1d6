import FTP

/// Credentials in the form of a `.netrc` file (`machine`, `login`, `password`, `default`, `macdef`).
struct Netrc {
  /// One entry; `machine` is `nil` for `default`.
  struct Entry {
    var machine: String?
    var login: String?
    var password: Secret?
  }

  private(set) var entries: [Entry] = []

  /// Reads the file's content; words it does not know are passed over, as other programs do.
  init(_ content: Secret) {
    content.withBytes { read(Words($0)) }
  }

  private mutating func read(_ content: Words) {
    var words = content
    while let word = words.next() {
      switch String(decoding: word, as: UTF8.self) {
      case "machine":
        // Without a host it must not become an entry for every host.
        guard let host = words.next() else { return }
        entries.append(Entry(machine: String(decoding: host, as: UTF8.self)))
      case "default": entries.append(Entry())
      case "login":
        let login = words.next().map { String(decoding: $0, as: UTF8.self) }
        if !entries.isEmpty { entries[entries.count - 1].login = login }
      case "password":
        let password = words.nextSecret()
        if !entries.isEmpty { entries[entries.count - 1].password = password }
      case "account": _ = words.next()
      case "macdef": words.skipMacro()
      default: continue
      }
    }
  }

  /// The first entry for a host, and for a user where one is given.
  func entry(host: String, user: String?) -> Entry? {
    entries.first { entry in
      (entry.machine == nil || entry.machine?.lowercased() == host.lowercased())
        && (user == nil || entry.login == nil || entry.login == user)
    }
  }

  private struct Words {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func next() -> [UInt8]? { nextSecret().map { $0.withBytes { Array($0) } } }

    mutating func nextSecret() -> Secret? {
      while position < bytes.count, isBlank(bytes[position]) || bytes[position] == UInt8(ascii: "#") {
        if bytes[position] == UInt8(ascii: "#") { skipLine() } else { position += 1 }
      }
      guard position < bytes.count else { return nil }
      if bytes[position] == UInt8(ascii: "\"") { return quoted() }
      let start = position
      while position < bytes.count, !isBlank(bytes[position]) { position += 1 }
      return Secret(utf8: bytes[start..<position])
    }

    /// A macro lasts until an empty line.
    mutating func skipMacro() {
      while position < bytes.count {
        skipLine()
        if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { return }
      }
    }

    private mutating func quoted() -> Secret {
      var word = SecretCollector(capacity: bytes.count)
      position += 1
      while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
        if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
        word.append(bytes[position])
        position += 1
      }
      position += 1
      return word.secret
    }

    private mutating func skipLine() {
      while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      position += 1
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  }
}
