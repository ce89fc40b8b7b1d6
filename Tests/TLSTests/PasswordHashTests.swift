import TLS
import Testing

@Suite struct PasswordHashTests {
  private static let cheap = PasswordHash.Cost(exponent: 10, blocks: 1, lanes: 1)

  private func hash(_ password: String, _ cost: PasswordHash.Cost = cheap) throws -> PasswordHash {
    var password = password
    return try password.withUTF8 { try PasswordHash(UnsafeRawBufferPointer($0), cost: cost) }
  }

  private func matches(_ hash: PasswordHash, _ password: String) -> Bool {
    var password = password
    return password.withUTF8 { hash.matches(UnsafeRawBufferPointer($0)) }
  }

  @Test("the right password matches, in text form too, and no other does", arguments: ["lovelace", "pä\u{0}ss", ""])
  func matching(password: String) throws {
    let hash = try hash(password)
    let read = try #require(PasswordHash("\(hash)"))
    #expect(read == hash)
    for hash in [hash, read] {
      #expect(matches(hash, password))
      for other in [password + "x", "x" + password, "Lovelace", "lovelac"] { #expect(!matches(hash, other)) }
    }
  }

  @Test("the same password has another hash each time")
  func salt() throws {
    #expect(try hash("lovelace") != hash("lovelace"))
  }

  @Test("it is scrypt: the third example of RFC 7914 section 12")
  func example() throws {
    let salt = Array("SodiumChloride".utf8).map { String($0, radix: 16) }.joined()
    let digest = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    let hash = try #require(PasswordHash("scrypt 14 8 1 \(salt) \(digest)"))
    #expect(matches(hash, "pleaseletmein"))
    #expect(!matches(hash, "pleaseletmeout"))
  }

  @Test("the usual cost is bearable, and not nothing")
  func usualCost() throws {
    let clock = ContinuousClock()
    let hash = try hash("lovelace", .usual)
    let time = clock.measure { #expect(matches(hash, "lovelace")) }
    #expect(time > .milliseconds(20) && time < .seconds(10), "\(time)")
  }

  @Test(
    "what is no hash, or would take a machine's memory, is none",
    arguments: [
      "", "scrypt", "bcrypt 15 8 3 00 00", "scrypt 40 8 3 SALT DIGEST", "scrypt 15 99 3 SALT DIGEST",
      "scrypt 15 8 0 SALT DIGEST", "scrypt 15 8 3 00 DIGEST", "scrypt 15 8 3 SALT 00", "scrypt 15 8 3 SALT DIGEST x",
      "scrypt 15 8 3 zz DIGEST", "scrypt -15 8 3 SALT DIGEST",
    ])
  func malformed(text: String) {
    let salt = String(repeating: "0", count: 32)
    let digest = String(repeating: "0", count: 64)
    #expect(PasswordHash(text.replacing("SALT", with: salt).replacing("DIGEST", with: digest)) == nil)
    #expect(PasswordHash("scrypt 15 8 3 \(salt) \(digest)") != nil)
  }
}
