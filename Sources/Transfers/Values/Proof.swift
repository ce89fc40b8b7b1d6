package import FTP

/// How it is known that an item is complete.
package enum Proof: Hashable, Sendable {
  /// Both sides have this many bytes.
  case length(Int64)
  /// Both sides have the same digest of this many bytes.
  case hash(HashAlgorithm, [UInt8], bytes: Int64)
  /// This many bytes were read once more from the far end, or from the disk, and are the same.
  case readBack(Int64)
  /// The server acknowledged this many bytes and cannot tell the size of a file.
  case acknowledged(Int64)
  /// The folder is there.
  case folder
  /// It has its new name, and nothing of it was copied.
  case renamed
  /// So many files and folders are gone.
  case removed(Int64)
  /// So many files and folders have the permissions that they were to get.
  case changed(Int64)

  /// Bytes of the file; nil for a folder.
  package var bytes: Int64? {
    switch self {
    case .length(let bytes), .hash(_, _, let bytes), .readBack(let bytes), .acknowledged(let bytes): bytes
    case .folder, .renamed, .removed, .changed: nil
    }
  }

  /// One word for scripts.
  package var word: String {
    switch self {
    case .length: "length"
    case .hash: "hash"
    case .readBack: "read-back"
    case .acknowledged: "acknowledged"
    case .folder: "folder"
    case .renamed: "renamed"
    case .removed: "removed"
    case .changed: "changed"
    }
  }

  /// "SHA-256 169f…e8", in lower case; nil for other proofs.
  package var digest: String? {
    guard case .hash(let algorithm, let digest, _) = self else { return nil }
    return "\(algorithm.rawValue) \(hexadecimal(digest))"
  }
}

/// The journal's form.
extension Proof {
  var journaled: String {
    switch self {
    case .length(let bytes): "length \(bytes)"
    case .hash(let algorithm, let digest, let bytes): "hash \(algorithm.rawValue) \(hexadecimal(digest)) \(bytes)"
    case .readBack(let bytes): "read-back \(bytes)"
    case .acknowledged(let bytes): "acknowledged \(bytes)"
    case .folder: "folder"
    case .renamed: "renamed"
    case .removed(let count): "removed \(count)"
    case .changed(let count): "changed \(count)"
    }
  }

  init(journaled text: String, size: Int64?) {
    let parts = text.split(separator: " ")
    let bytes = parts.last.flatMap { Int64($0) } ?? size ?? 0
    switch parts.first {
    case "folder": self = .folder
    case "renamed": self = .renamed
    case "removed": self = .removed(bytes)
    case "changed": self = .changed(bytes)
    case "acknowledged": self = .acknowledged(bytes)
    case "read-back": self = .readBack(bytes)
    case "hash" where parts.count == 4:
      guard let algorithm = HashAlgorithm(rawValue: String(parts[1])), let digest = digestBytes(parts[2]) else {
        fallthrough
      }
      self = .hash(algorithm, digest, bytes: bytes)
    default: self = .length(bytes)
    }
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

private func digestBytes(_ text: Substring) -> [UInt8]? {
  let digits = text.utf8.map { UInt8(truncatingIfNeeded: Character(Unicode.Scalar($0)).hexDigitValue ?? 16) }
  guard digits.count % 2 == 0, digits.allSatisfy({ $0 < 16 }) else { return nil }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
