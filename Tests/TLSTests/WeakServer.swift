import COpenSSL
import TestSupport
import Testing

@testable import TLS

/// Servers whose certificates OpenSSL's security level 2 would not let them use.
struct WeakServer: Sendable, CustomTestStringConvertible {
  let bits: Int
  let digest: String
  let problem: CertificateProblem

  static let all = [
    WeakServer(bits: 1024, digest: "SHA256", problem: .weakKey("RSA 1024")),
    WeakServer(bits: 2048, digest: "SHA1", problem: .weakSignature("sha1WithRSAEncryption")),
    WeakServer(bits: 2048, digest: "MD5", problem: .weakSignature("md5WithRSAEncryption")),
  ]

  var testDescription: String { "RSA \(bits), \(digest)" }

  func identity() async throws -> Identity {
    let key = try await Self.rsaKey(bits: bits)
    let template = CertificateTemplate(
      commonName: "weak.example.org", notBefore: now() - 60, notAfter: now() + 86400, digest: digest)
    return try Identity(chain: [try template.signed(for: key)], key: key)
  }

  func context() async throws -> TLSContext {
    let identity = try await identity()
    let context = try TLSContext.server(identity: Sample.rsaIdentity)
    SSL_CTX_set_security_level(context.pointer, 0)
    identity.chain[0].withX509 { #expect(SSL_CTX_use_certificate(context.pointer, $0) == 1) }
    #expect(SSL_CTX_use_PrivateKey(context.pointer, identity.key.pkey) == 1)
    return context
  }

  /// A key of any size: `PrivateKey.generate` makes none that is too small.
  static func rsaKey(bits: Int) async throws -> PrivateKey {
    try PrivateKey.pem(try await Program("openssl", ["genrsa", "\(bits)"]).runSuccessfully().output)
  }
}
