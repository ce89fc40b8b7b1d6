@testable import TLS

/// A signing authority for the tests.
struct Authority: Sendable {
  let identity: Identity

  var certificate: Certificate { identity.chain[0] }

  init(name: String, by issuer: Authority? = nil, _ change: (inout CertificateTemplate) -> Void = { _ in }) throws {
    let key = try PrivateKey.generate(.ecP256)
    var template = CertificateTemplate(
      commonName: name, notBefore: now() - 86400, notAfter: now() + 86400, basicConstraints: "critical,CA:TRUE",
      keyUsage: "critical,keyCertSign,cRLSign")
    change(&template)
    identity = try Identity(chain: [template.signed(for: key, by: issuer?.identity)], key: key)
  }

  /// A server's certificate for one name.
  func issue(
    _ name: String, key: PrivateKey? = nil, _ change: (inout CertificateTemplate) -> Void = { _ in }
  ) throws -> Certificate {
    var template = CertificateTemplate.leaf(name)
    change(&template)
    return try template.signed(for: key ?? .generate(.ecP256), by: identity)
  }
}

extension CertificateTemplate {
  static func leaf(_ name: String, notAfter: Int64 = now() + 3600, digest: String? = nil) -> CertificateTemplate {
    CertificateTemplate(
      commonName: name, names: [name], notBefore: now() - 3600, notAfter: notAfter,
      keyUsage: "critical,digitalSignature", extendedKeyUsage: "serverAuth", digest: digest)
  }
}
