package import FTP
package import TLS

/// A file that carries trusted certificates to another machine, or from another program.
package enum TrustFile {
  /// One certificate and what it is trusted for.
  package struct Entry: Hashable, Sendable {
    package var host: String
    /// 1...65535.
    package var port: Int
    package var mode: TLSMode
    package var kind: TrustedCertificate.Kind
    /// Leaf first, never empty; for the kind `issuer` with the issuer second.
    package var chain: [Certificate]
    package var note: String

    package init(
      host: String, port: Int, mode: TLSMode, kind: TrustedCertificate.Kind = .certificate, chain: [Certificate],
      note: String = ""
    ) {
      self.host = host
      self.port = port
      self.mode = mode
      self.kind = kind
      self.chain = chain
      self.note = note
    }
  }

  /// What a file holds.
  package struct Content: Hashable, Sendable {
    package var entries: [Entry] = []
    /// Why something in it was left out, one sentence each; foreign text in them is escaped.
    package var omitted: [String] = []
  }

  /// Files of this kind are not larger.
  package static let largest = 16 << 20

  /// Reads FileZilla's `trustedcerts.xml`, what ``pem(_:wholeChains:)`` writes, or a certificate in PEM or DER.
  ///
  /// - Parameter server: for which server a certificate is meant whose file does not say so.
  /// - Throws: `StorageError.noTrustFile`.
  package static func read(_ bytes: [UInt8], for server: ServerAddress? = nil) throws(StorageError) -> Content {
    guard bytes.count <= largest else { throw .noTrustFile("it is larger than 16 MiB") }
    let start = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    let content: Content
    if start == UInt8(ascii: "<") {
      content = try FileZillaTrust.read(bytes)
    } else if let certificate = try? Certificate(der: bytes) {
      content = try plain([certificate], for: server)
    } else {
      content = try PEMTrust.read(bytes, for: server)
    }
    if content.entries.isEmpty, content.omitted.isEmpty { throw .noTrustFile("there is no certificate in it") }
    return content
  }

  /// Certificates in PEM form, each with comments that say what it is trusted for; `read` takes them back.
  ///
  /// - Parameter wholeChains: whether the certificates of the issuers follow. Of an accepted issuer it always does.
  package static func pem(_ trusted: [TrustedCertificate], wholeChains: Bool = false) -> String {
    trusted.map { PEMTrust.text($0, wholeChain: wholeChains) }.joined(separator: "\n")
  }

  /// One certificate with its issuers, of which the file says nothing.
  static func plain(_ chain: [Certificate], for server: ServerAddress?) throws(StorageError) -> Content {
    guard let server else { throw .noTrustFile("it does not say for which server its certificate is; name the server") }
    return Content(entries: [Entry(host: server.host, port: server.port, mode: server.mode, chain: chain)])
  }
}

extension TrustStore {
  /// What taking over a file came to.
  package struct Takeover: Hashable, Sendable {
    package var added: [TrustedCertificate] = []
    package var known: [TrustedCertificate] = []
    /// Why something was left out, one sentence each.
    package var omitted: [String] = []
  }

  /// Takes over what a file holds, beside what is trusted already. An issuer must prove itself by the certificate that
  /// comes with it.
  package func take(_ content: TrustFile.Content) throws(StorageError) -> Takeover {
    var takeover = Takeover(omitted: content.omitted)
    for entry in content.entries {
      if let problem = entry.problem {
        takeover.omitted.append(problem)
        continue
      }
      do {
        let (trusted, isNew) = try take(
          host: entry.host, port: entry.port, mode: entry.mode, chain: entry.chain, kind: entry.kind, note: entry.note)
        if isNew { takeover.added.append(trusted) } else { takeover.known.append(trusted) }
      } catch .invalidHost(let host) {
        takeover.omitted.append("\(SafeText.escape(host)) cannot be a host name.")
      }
    }
    return takeover
  }
}

extension TrustFile.Entry {
  /// Why it is not taken; nil where it is.
  package var problem: String? {
    guard kind == .issuer, !isProven else { return nil }
    return "The issuer for \(SafeText.escape(host)) did not sign the certificate with it."
  }

  /// By the signature alone: the certificate that came with the issuer may have expired since.
  private var isProven: Bool {
    chain.count > 1 && chain[0] != chain[1] && chain[0].isSigned(by: chain[1])
  }
}
