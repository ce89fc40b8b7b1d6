import FTP
import NIOCore
import TLS

/// HASH, and which digest it computes (draft-bryan-ftpext-hash).
extension ControlConnection {
  static let digests: [HashAlgorithm] = [.sha256, .sha512, .sha1, .md5]

  /// "SHA-256*;SHA-512;SHA-1;MD5": the chosen one is marked.
  var digestFeature: String {
    "HASH " + Self.digests.map { $0.rawValue + ($0 == hash ? "*" : "") }.joined(separator: ";")
  }

  func setHash(_ request: Request) async {
    let words = request.words
    guard words.count > 1 else { return await send(ServerReply(200, hash.rawValue)) }
    guard words.count == 2, let chosen = HashAlgorithm(words[1].utf8), Self.digests.contains(chosen) else {
      return await send(ServerReply(504, "No such digest"))
    }
    hash = chosen
    await send(ServerReply(200, chosen.rawValue))
  }

  /// Reads the whole file; ABOR and the end of the connection end it.
  func sendDigest(_ path: RemotePath, as name: [UInt8]) async throws {
    let digest = StreamDigest(Self.stream(hash))
    let file = try await shared.run { folder throws(FileError) in try folder.openFile(path) }
    var isInterrupted = false
    control.onInterruption = { isInterrupted = true }
    defer { control.onInterruption = nil }
    var size: Int64 = 0
    while !isInterrupted {
      let offset = size
      let count = try await shared.run { _ throws(FileError) in
        let portion = try file.read(1 << 20, at: offset)
        portion.withUnsafeReadableBytes { digest.update($0) }
        return portion.readableBytes
      }
      if count == 0 { break }
      size += Int64(count)
    }
    if isInterrupted { return await send(ServerReply(426, "Interrupted")) }
    await send(ServerReply(213, Array("\(hash.rawValue) 0-\(size) \(digest.value.hexadecimal) ".utf8) + name))
  }

  private static func stream(_ algorithm: HashAlgorithm) -> StreamDigest.Algorithm {
    switch algorithm {
    case .sha512: .sha512
    case .sha1: .sha1
    case .md5: .md5
    case .sha256, .crc32: .sha256
    }
  }
}
