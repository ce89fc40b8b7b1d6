import COpenSSL
import Testing

@testable import TLS

extension Certificate {
  /// A copy that was changed through OpenSSL's structure, and signed anew.
  func altered(signedBy key: PrivateKey, _ change: (OpaquePointer) -> Void) -> Certificate {
    withX509 { x509 in
      change(x509)
      #expect(X509_sign(x509, key.pkey, EVP_sha256()) > 0)
      return Certificate(copying: x509)
    }
  }
}

/// Adds an extension by OpenSSL's text form.
func addExtension(_ x509: OpaquePointer, _ identifier: Int32, _ value: String) {
  var context = X509V3_CTX()
  X509V3_set_ctx(&context, x509, x509, nil, nil, 0)
  let made = X509V3_EXT_nconf_nid(nil, &context, identifier, value)
  #expect(made != nil)
  X509_add_ext(x509, made, -1)
  X509_EXTENSION_free(made)
}

/// Adds an extension that nobody knows and everybody has to.
func addUnknownCondition(_ x509: OpaquePointer) {
  let identifier = OBJ_txt2obj("1.2.3.4.5.6.7", 1)
  let value = ASN1_OCTET_STRING_new()
  ASN1_OCTET_STRING_set(value, [4, 1, 0], 3)
  let made = X509_EXTENSION_create_by_OBJ(nil, identifier, 1, value)
  X509_add_ext(x509, made, -1)
  X509_EXTENSION_free(made)
  ASN1_OCTET_STRING_free(value)
  ASN1_OBJECT_free(identifier)
}
