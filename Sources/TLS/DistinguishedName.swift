internal import COpenSSL

/// The subject or the issuer of a certificate. All text in it is foreign: not safe for a terminal as it is.
package struct DistinguishedName: Hashable, Sendable, CustomStringConvertible {
  /// In the order of the certificate.
  package let attributes: [Attribute]

  package struct Attribute: Hashable, Sendable {
    /// The short name, e.g. "CN", or the dotted number of a kind that OpenSSL does not know.
    package let type: String
    /// As long as it is in the certificate, also with a NUL in it; what is no text is repaired.
    package let value: String
  }

  package init(attributes: [Attribute]) {
    self.attributes = attributes
  }

  /// Copies OpenSSL's name.
  init(_ name: OpaquePointer?) {
    guard let name else {
      attributes = []
      return
    }
    attributes = (0..<X509_NAME_entry_count(name)).compactMap { index in
      guard let entry = X509_NAME_get_entry(name, index) else { return nil }
      return Attribute(
        type: objectName(X509_NAME_ENTRY_get_object(entry)), value: text(of: X509_NAME_ENTRY_get_data(entry)))
    }
  }

  /// One with nothing but a common name.
  package init(commonName: String) {
    self.init(attributes: [Attribute(type: "CN", value: commonName)])
  }

  /// Adds the attributes to OpenSSL's name.
  func write(into name: OpaquePointer?) throws(TLSError) {
    for attribute in attributes {
      let value = Array(attribute.value.utf8)
      try check(
        attribute.type == "CN" ? "common name" : attribute.type,
        X509_NAME_add_entry_by_txt(name, attribute.type, MBSTRING_FLAG, value, Int32(value.count), -1, 0))
    }
  }

  /// Whether all of it is text that a person can see.
  var isPlain: Bool {
    attributes.allSatisfy { printable($0.value) == $0.value }
  }

  /// The last one, which is the most specific.
  package var commonName: String? {
    attributes.last { $0.type == "CN" }?.value
  }

  /// The common name, or what there is instead: for sentences.
  var shortName: String {
    commonName ?? attributes.last?.value ?? "(no name)"
  }

  /// "O=Example, CN=files.example.org"; separators within a value have a backslash in front (RFC 4514).
  package var description: String {
    attributes.map { attribute in
      var value = ""
      for character in attribute.value {
        if ",+\"\\<>;=".contains(character) { value.append("\\") }
        value.append(character)
      }
      return "\(attribute.type)=\(value)"
    }.joined(separator: ", ")
  }
}

/// The short name of an object identifier, or its numbers.
func objectName(_ object: OpaquePointer?, long: Bool = false) -> String {
  let identifier = OBJ_obj2nid(object)
  if identifier != NID_undef, let name = long ? OBJ_nid2ln(identifier) : OBJ_nid2sn(identifier) {
    return String(cString: name)
  }
  var buffer = [CChar](repeating: 0, count: 128)
  let count = OBJ_obj2txt(&buffer, Int32(buffer.count), object, 1)
  return String(
    decoding: buffer.prefix(max(0, min(Int(count), buffer.count - 1))).map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The text of a string of any ASN.1 kind, by its length: a NUL does not end it.
func text(of string: UnsafePointer<ASN1_STRING>?) -> String {
  guard let string else { return "" }
  var utf8: UnsafeMutablePointer<UInt8>?
  ErrorQueue.clear()
  let count = ASN1_STRING_to_UTF8(&utf8, string)
  guard count >= 0, let utf8 else { return String(decoding: bytes(of: string), as: UTF8.self) }
  defer { CRYPTO_free(utf8, nil, 0) }
  return String(decoding: UnsafeBufferPointer(start: utf8, count: Int(count)), as: UTF8.self)
}

func bytes(of string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
  guard let string, let start = ASN1_STRING_get0_data(string) else { return [] }
  return Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
}
