internal import COpenSSL

/// A password as a server keeps it: its scrypt digest (RFC 7914) with a salt of its own. The password itself cannot be had
/// back from it, and each guess costs what ``Cost`` says.
package struct PasswordHash: Hashable, Sendable, LosslessStringConvertible {
  /// What one guess costs: 128 × 2^`exponent` × `blocks` bytes of memory, `lanes` times one after another.
  package struct Cost: Hashable, Sendable {
    /// 10...17
    package var exponent: Int
    /// 1...8
    package var blocks: Int
    /// 1...8
    package var lanes: Int

    /// 32 MiB three times, as OWASP's Password Storage Cheat Sheet has it: about a fifth of a second.
    package static let usual = Cost(exponent: 15, blocks: 8, lanes: 3)

    package init(exponent: Int, blocks: Int, lanes: Int) {
      self.exponent = exponent
      self.blocks = blocks
      self.lanes = lanes
    }

    /// Within the ranges above, so that a spoilt file cannot ask for a machine's memory.
    fileprivate var isUsable: Bool {
      (10...17).contains(exponent) && (1...8).contains(blocks) && (1...8).contains(lanes)
    }
  }

  private let cost: Cost
  private let salt: [UInt8]
  private let digest: [UInt8]

  private static let length = 32

  /// The hash of a new password, with a random salt. Takes its time: never on an event loop.
  package init(_ password: UnsafeRawBufferPointer, cost: Cost = .usual) throws(TLSError) {
    precondition(cost.isUsable)
    var salt = [UInt8](repeating: 0, count: 16)
    try check("random number", RAND_bytes(&salt, 16))
    self.cost = cost
    self.salt = salt
    digest = try Self.digest(password, salt, cost)
  }

  /// Whether this is the hash of `password`; how near it comes is not told by the time that this takes.
  package func matches(_ password: UnsafeRawBufferPointer) -> Bool {
    guard let other = try? Self.digest(password, salt, cost), other.count == digest.count else { return false }
    return CRYPTO_memcmp(other, digest, digest.count) == 0
  }

  private static func digest(
    _ password: UnsafeRawBufferPointer, _ salt: [UInt8], _ cost: Cost
  ) throws(TLSError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    let memory = UInt64(128) << 20
    // OpenSSL tells no password from an empty one only by the pointer.
    let start = password.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
    try check(
      "password",
      EVP_PBE_scrypt(
        start?.assumingMemoryBound(to: CChar.self), password.count, salt, salt.count, 1 << cost.exponent,
        UInt64(cost.blocks), UInt64(cost.lanes), memory + memory / 4, &digest, digest.count))
    return digest
  }

  /// "scrypt 15 8 3 SALT DIGEST", the last two in hexadecimal digits.
  package init?(_ text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "scrypt", let exponent = Int(parts[1]), let blocks = Int(parts[2]),
      let lanes = Int(parts[3]), let salt = Self.bytes(parts[4]), let digest = Self.bytes(parts[5])
    else { return nil }
    cost = Cost(exponent: exponent, blocks: blocks, lanes: lanes)
    self.salt = salt
    self.digest = digest
    guard cost.isUsable, (8...64).contains(salt.count), digest.count == Self.length else { return nil }
  }

  package var description: String {
    "scrypt \(cost.exponent) \(cost.blocks) \(cost.lanes) \(Self.text(salt)) \(Self.text(digest))"
  }

  private static func text(_ bytes: [UInt8]) -> String {
    colonHex(bytes).filter { $0 != ":" }
  }

  private static func bytes(_ text: Substring) -> [UInt8]? {
    let digits = text.map(\.hexDigitValue)
    guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0]! << 4 | digits[$0 + 1]!) }
  }
}
