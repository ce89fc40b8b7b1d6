internal import COpenSSL

extension Certificate {
  /// All certificates of a PEM text in their order; other blocks and text between them are skipped.
  ///
  /// Throws `TLSError.malformed` when there is none, or when one of them cannot be read.
  package static func pem(_ text: some Collection<UInt8>) throws(TLSError) -> [Certificate] {
    var certificates: [Certificate] = []
    for block in try PEM.blocks(Array(text)) where ["CERTIFICATE", "X509 CERTIFICATE"].contains(block.label) {
      certificates.append(try Certificate(der: block.der))
    }
    if certificates.isEmpty { throw .malformed("PEM certificate") }
    return certificates
  }

  /// The PEM form, ending with a newline.
  package var pem: String {
    withX509 { x509 in MemoryFile.text { PEM_write_bio_X509($0, x509) } }
  }
}

/// PEM blocks without a meaning.
enum PEM {
  struct Block {
    let label: String
    let der: [UInt8]
  }

  /// Whether a file is text with PEM blocks in it, rather than DER.
  static func looksLikePEM(_ bytes: [UInt8]) -> Bool {
    // DER of everything that is read here begins with a sequence, whose length follows.
    guard bytes.count > 1, bytes[0] == 0x30 else { return true }
    return bytes[1] < 0x80 && Int(bytes[1]) + 2 != bytes.count
  }

  /// Whether a text has a PEM block in it at all, be it a broken one.
  static func hasBlock(_ text: [UInt8]) -> Bool { text.contains("-----BEGIN ".utf8) }

  static func blocks(_ text: [UInt8]) throws(TLSError) -> [Block] {
    let file = MemoryFile(text)
    var blocks: [Block] = []
    while true {
      ErrorQueue.clear()
      var label: UnsafeMutablePointer<CChar>?
      var header: UnsafeMutablePointer<CChar>?
      var bytes: UnsafeMutablePointer<UInt8>?
      var count = 0
      guard PEM_read_bio(file.bio, &label, &header, &bytes, &count) == 1 else {
        // "No start line" is the end of the text; anything else is a broken block.
        let entries = ErrorQueue.drain()
        if entries.last?.reason == PEM_R_NO_START_LINE { return blocks }
        throw .malformed("PEM text")
      }
      defer {
        CRYPTO_free(label, nil, 0)
        CRYPTO_free(header, nil, 0)
        CRYPTO_clear_free(bytes, count, nil, 0)
      }
      guard let label, let bytes else { throw .malformed("PEM text") }
      blocks.append(
        Block(label: String(cString: label), der: Array(UnsafeBufferPointer(start: bytes, count: count))))
    }
  }
}

/// A memory BIO, which is how OpenSSL reads and writes PEM. Wiped when freed.
final class MemoryFile {
  let bio: OpaquePointer

  /// An empty one to be written to, in memory that OpenSSL wipes.
  init() {
    guard let bio = BIO_new(BIO_s_secmem()) else { preconditionFailure("out of memory") }
    self.bio = bio
  }

  /// One that reads `text`.
  convenience init(_ text: [UInt8]) {
    self.init()
    text.withUnsafeBytes { _ = BIO_write(bio, $0.baseAddress, Int32(clamping: $0.count)) }
    // At the end it is at its end, rather than "try again".
    BIO_ctrl(bio, BIO_C_SET_BUF_MEM_EOF_RETURN, 0, nil)
  }

  deinit {
    BIO_free(bio)
  }

  /// What was written so far.
  var bytes: [UInt8] {
    var start: UnsafeMutablePointer<CChar>?
    let count = ferry_bio_memory(bio, &start)
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  static func text(_ write: (OpaquePointer) -> Int32) -> String {
    let file = MemoryFile()
    guard write(file.bio) == 1 else { preconditionFailure("OpenSSL cannot write what it holds") }
    return String(decoding: file.bytes, as: UTF8.self)
  }
}
