/// What a server says it can do (FEAT, RFC 2389 section 3).
package struct Features: Equatable, Sendable {
  /// File names are UTF-8 (RFC 2640).
  package private(set) var utf8 = false
  /// The facts that MLSD and MLST can tell, in lower case, and whether each is on by default; nil without MLST.
  package private(set) var mlst: [Fact]?
  package private(set) var size = false
  package private(set) var mdtm = false
  package private(set) var mfmt = false
  /// MFF can set permission bits.
  package private(set) var mffMode = false
  /// REST works for files in image mode (RFC 3659 section 5).
  package private(set) var restStream = false
  package private(set) var epsv = false
  package private(set) var eprt = false
  /// It can be the TLS client of a data connection, which two servers with one between them need: by SSCN, by CPSV.
  package private(set) var sscn = false
  package private(set) var cpsv = false
  /// Paths are like those of Unix (RFC 3659 section 6).
  package private(set) var tvfs = false
  package private(set) var pbsz = false
  package private(set) var prot = false
  package private(set) var host = false
  package private(set) var clnt = false
  package private(set) var authTLS = false
  package private(set) var authSSL = false
  /// Those that HASH can compute, in the server's order.
  package private(set) var hashes: [HashAlgorithm] = []
  /// The one that HASH computes unless told otherwise.
  package private(set) var selectedHash: HashAlgorithm?
  /// Those with a command of their own, such as XSHA256.
  package private(set) var checksums: Set<HashAlgorithm> = []
  /// SHA-1 has a command, and its name is XSHA.
  package private(set) var hasXSHAOnly = false
  /// The words after SITE, such as "CHMOD", in upper case; often incomplete.
  package private(set) var site: [String] = []
  /// Every line as the server sent it, escaped.
  package private(set) var lines: [String] = []

  /// What the server can compute of its files in one way or the other, the best first.
  package var digests: [HashAlgorithm] {
    HashAlgorithm.allCases.filter { hashes.contains($0) || checksums.contains($0) }
  }

  package struct Fact: Hashable, Sendable {
    package let name: String
    package let isEnabled: Bool

    package init(name: String, isEnabled: Bool) {
      self.name = name
      self.isEnabled = isEnabled
    }
  }

  /// What may be assumed of a server that does not know FEAT.
  package init() {}

  /// From a 211 reply; any other reply means nothing is known.
  package init(_ reply: Reply) {
    guard reply.code == 211 else { return }
    for line in reply.lines.dropFirst().dropLast() { read(line) }
  }

  private mutating func read(_ line: [UInt8]) {
    let words = line.split { $0 == UInt8(ascii: " ") || $0 == 0x09 }
    guard let first = words.first else { return }
    lines.append(words.map { SafeText.escape($0) }.joined(separator: " "))
    let arguments = words.dropFirst()
    switch String(decoding: first, as: UTF8.self).uppercased() {
    case "UTF8", "UTF-8": utf8 = true
    case "MLST", "MLSD": readFacts(arguments.first ?? [])
    case "SIZE": size = true
    case "MDTM": mdtm = true
    case "MFMT": mfmt = true
    case "MFF":
      mffMode = arguments.contains { String(decoding: $0, as: UTF8.self).lowercased().contains("unix.mode") }
    case "REST": restStream = arguments.first.map { $0.map(lowercased).elementsEqual("stream".utf8) } ?? false
    case "EPSV": epsv = true
    case "EPRT": eprt = true
    case "SSCN": sscn = true
    case "CPSV": cpsv = true
    case "TVFS": tvfs = true
    case "PBSZ": pbsz = true
    case "PROT": prot = true
    case "HOST": host = true
    case "CLNT": clnt = true
    case "AUTH": readMechanisms(arguments)
    case "HASH": readHashes(arguments.first ?? [])
    case "XCRC": checksums.insert(.crc32)
    case "XMD5": checksums.insert(.md5)
    case "XSHA": hasXSHAOnly = checksums.insert(.sha1).inserted
    case "XSHA1":
      checksums.insert(.sha1)
      hasXSHAOnly = false
    case "XSHA256": checksums.insert(.sha256)
    case "XSHA512": checksums.insert(.sha512)
    case "SITE": site += arguments.flatMap { $0.split(separator: semicolon) }.map { SafeText.escape($0).uppercased() }
    default: break
    }
  }

  private mutating func readFacts(_ list: ArraySlice<UInt8>) {
    let facts = list.split(separator: semicolon).map { fact in
      let isEnabled = fact.last == star
      return Fact(name: SafeText.escape((isEnabled ? fact.dropLast() : fact).map(lowercased)), isEnabled: isEnabled)
    }
    if mlst == nil || !facts.isEmpty { mlst = facts }
  }

  private mutating func readMechanisms(_ arguments: ArraySlice<ArraySlice<UInt8>>) {
    for name in arguments.flatMap({ $0.split(separator: semicolon) }) {
      switch String(decoding: name, as: UTF8.self).uppercased() {
      case "TLS", "TLS-C": authTLS = true
      case "SSL", "TLS-P": authSSL = true
      default: break
      }
    }
  }

  private mutating func readHashes(_ list: ArraySlice<UInt8>) {
    for name in list.split(separator: semicolon) {
      let isSelected = name.last == star
      guard let algorithm = HashAlgorithm(isSelected ? name.dropLast() : name) else { continue }
      hashes.append(algorithm)
      if isSelected { selectedHash = algorithm }
    }
  }
}

private let semicolon = UInt8(ascii: ";")
private let star = UInt8(ascii: "*")
