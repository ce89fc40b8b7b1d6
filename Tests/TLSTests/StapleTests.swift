import COpenSSL
import Testing

@testable import TLS

/// The answers of issuers that servers send along (threat C08).
@Suite struct StapleTests {
  static let root = try! Authority(name: "Example Root")
  static let host = "files.example.org"

  /// An answer about a certificate, signed by `signer`.
  private func answer(
    about leaf: Certificate, of issuer: Certificate, status: Int32, by signer: Identity = Self.root.identity,
    from: Int = -60, until: Int = 3600
  ) -> [UInt8] {
    let basic = OCSP_BASICRESP_new()
    defer { OCSP_BASICRESP_free(basic) }
    leaf.withX509 { x509 in
      issuer.withX509 { parent in
        let identifier = OCSP_cert_to_id(nil, x509, parent)
        let (start, end) = (X509_gmtime_adj(nil, from), X509_gmtime_adj(nil, until))
        #expect(OCSP_basic_add1_status(basic, identifier, status, 0, start, start, end) != nil)
        OCSP_CERTID_free(identifier)
        ASN1_STRING_free(start)
        ASN1_STRING_free(end)
      }
    }
    signer.chain[0].withX509 { x509 in
      #expect(OCSP_basic_sign(basic, x509, signer.key.pkey, EVP_sha256(), nil, 0) == 1)
    }
    let whole = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic)
    defer { OCSP_RESPONSE_free(whole) }
    return encode(whole) { i2d_OCSP_RESPONSE($0, $1) }
  }

  private func mustStaple(_ leaf: Certificate) -> Certificate {
    leaf.altered(signedBy: Self.root.identity.key) { addExtension($0, NID_tlsfeature, "status_request") }
  }

  @Test("a good answer is good, one of revocation is not, and others do not count")
  func answers() throws {
    let leaf = try Self.root.issue(Self.host)
    let chain = [leaf, Self.root.certificate]
    func problem(_ response: [UInt8]?, _ chain: [Certificate]) -> StapleProblem? {
      Staple.problem(in: response, of: chain)
    }
    let good = answer(about: leaf, of: Self.root.certificate, status: V_OCSP_CERTSTATUS_GOOD)
    let revoked = answer(about: leaf, of: Self.root.certificate, status: V_OCSP_CERTSTATUS_REVOKED)
    #expect(problem(good, chain) == nil)
    #expect(problem(revoked, chain) == .revoked)
    #expect(problem(nil, chain) == nil)
    // About another certificate, by somebody else, out of date, cut, or none at all.
    let other = try Self.root.issue(Self.host)
    #expect(
      problem(answer(about: other, of: Self.root.certificate, status: V_OCSP_CERTSTATUS_GOOD), chain) == .invalid)
    let stranger = try Authority(name: "Example Root")
    #expect(
      problem(
        answer(about: leaf, of: Self.root.certificate, status: V_OCSP_CERTSTATUS_GOOD, by: stranger.identity), chain)
        == .invalid)
    let old = answer(
      about: leaf, of: Self.root.certificate, status: V_OCSP_CERTSTATUS_GOOD, from: -7200, until: -3600)
    #expect(problem(old, chain) == .invalid)
    for broken in [Array(good.dropLast()), [], [1, 2, 3]] { #expect(problem(broken, chain) == .invalid) }
    // Where the issuer's certificate did not come, nobody can judge.
    #expect(problem(revoked, [leaf]) == nil)
    #expect(problem(revoked, []) == nil)
  }

  @Test("a certificate that must come with an answer does not come without")
  func missing() throws {
    let leaf = mustStaple(try Self.root.issue(Self.host))
    let chain = [leaf, Self.root.certificate]
    #expect(Staple.problem(in: nil, of: chain) == .missing)
    #expect(Staple.problem(in: nil, of: [leaf]) == .missing)
    let good = answer(about: leaf, of: Self.root.certificate, status: V_OCSP_CERTSTATUS_GOOD)
    #expect(Staple.problem(in: good, of: chain) == nil)
    #expect(Staple.problem(in: good, of: [leaf]) == .missing)
  }

  @Test(
    "a handshake ends where the answer speaks against the certificate, whatever the verdict was",
    arguments: [
      TLSVersion.tls12, .tls13,
    ])
  func handshake(version: TLSVersion) throws {
    let key = try PrivateKey.generate(.ecP256)
    let identity = try Identity(
      chain: [try Self.root.issue(Self.host, key: key), Self.root.certificate], key: key)
    for (status, problem) in [(V_OCSP_CERTSTATUS_GOOD, nil), (V_OCSP_CERTSTATUS_REVOKED, StapleProblem.revoked)] {
      let context = try TLSContext.server(identity: identity)
      let response = answer(about: identity.chain[0], of: Self.root.certificate, status: status)
      let box = Response(response)
      box.serve(by: context)
      let tickets = TicketStore()
      let link = try Sample.link(version, tickets: tickets, server: context)
      if let problem {
        #expect(throws: TLSError.staple(problem)) { try link.shakeHands() }
        // What was refused once cannot be resumed.
        #expect(tickets.count == 0)
      } else {
        try link.shakeHands()
        #expect(link.clientIsComplete)
      }
      withExtendedLifetime(box) {}
    }
  }

  @Test("a server that staples nothing is connected to as before", arguments: [TLSVersion.tls12, .tls13])
  func none(version: TLSVersion) throws {
    let link = try Sample.link(version)
    try link.shakeHands()
    #expect(link.clientIsComplete)
  }
}

/// An answer that a server's context sends along.
private final class Response {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func serve(by context: TLSContext) {
    let callback: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { ssl, argument in
      guard let argument else { return SSL_TLSEXT_ERR_ALERT_FATAL }
      let bytes = Unmanaged<Response>.fromOpaque(argument).takeUnretainedValue().bytes
      // OpenSSL frees what it is given.
      let copy = CRYPTO_malloc(bytes.count, nil, 0)
      copy?.copyMemory(from: bytes, byteCount: bytes.count)
      SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP, bytes.count, copy)
      return SSL_TLSEXT_ERR_OK
    }
    SSL_CTX_callback_ctrl(
      context.pointer, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB, unsafeBitCast(callback, to: (@convention(c) () -> Void).self))
    SSL_CTX_ctrl(
      context.pointer, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB_ARG, 0, Unmanaged.passUnretained(self).toOpaque())
  }
}
