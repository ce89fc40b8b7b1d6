internal import FTP
internal import TLS

/// Certificates in PEM form with comments above them, which every other program skips:
///
///     # Ferry trusts for ftpes://files.example.org:2121: certificate
///     # Note: Ada's box
///     -----BEGIN CERTIFICATE-----
enum PEMTrust {
  private static let head = "# Ferry trusts for "
  private static let noteHead = "# Note: "

  static func text(_ trusted: TrustedCertificate, wholeChain: Bool) -> String {
    let server = ServerAddress(host: trusted.host, port: trusted.port, mode: trusted.mode)
    var text = "\(head)\(server): \(trusted.kind.rawValue)\n"
    // A note stays in its line, whatever is in it.
    if !trusted.note.isEmpty { text += noteHead + SafeText.escape(trusted.note) + "\n" }
    text += trusted.certificate.pem
    let issuers = wholeChain ? trusted.issuers[...] : trusted.kind == .issuer ? trusted.issuers.prefix(1) : []
    return text + issuers.map(\.pem).joined()
  }

  static func read(_ bytes: [UInt8], for server: ServerAddress?) throws(StorageError) -> TrustFile.Content {
    let lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let heads = lines.indices.filter { lines[$0].hasPrefix(head) }
    guard let first = heads.first else {
      return try TrustFile.plain(certificates(lines[...]), for: server)
    }
    var content = TrustFile.Content()
    for (index, start) in ([first] + heads.dropFirst()).enumerated() {
      let end = index + 1 < heads.count ? heads[index + 1] : lines.endIndex
      guard var entry = try entry(lines[start], certificates(lines[start..<end])) else {
        content.omitted.append("Line \(start + 1) does not say what is trusted.")
        continue
      }
      let note = lines[start..<end].first { $0.hasPrefix(noteHead) }
      entry.note = note.map { String($0.dropFirst(noteHead.count)) } ?? ""
      content.entries.append(entry)
    }
    return content
  }

  private static func entry(_ line: Substring, _ chain: [Certificate]) throws(StorageError) -> TrustFile.Entry? {
    let words = line.dropFirst(head.count).split(separator: " ")
    guard words.count == 2, words[0].hasSuffix(":"), let kind = TrustedCertificate.Kind(rawValue: String(words[1])),
      let server = try? FTPAddress(String(words[0].dropLast())).server, kind != .issuer || chain.count > 1
    else { return nil }
    return TrustFile.Entry(host: server.host, port: server.port, mode: server.mode, kind: kind, chain: chain)
  }

  private static func certificates(_ lines: ArraySlice<Substring>) throws(StorageError) -> [Certificate] {
    do {
      return try Certificate.pem(Array(lines.joined(separator: "\n").utf8))
    } catch {
      throw .noTrustFile("it is neither FileZilla's list of certificates nor a certificate in PEM or DER form")
    }
  }
}
