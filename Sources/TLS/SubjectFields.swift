/// Whom a new certificate or request is for, in the fields that people know.
package struct SubjectFields: Hashable, Sendable {
  /// The only one that must be there; 1 to 64 characters.
  package var commonName: String
  /// At most 64 characters, like the unit; an empty field is left out.
  package var organization: String
  package var unit: String
  /// At most 128 characters, like the state.
  package var locality: String
  package var state: String
  /// Two letters (ISO 3166), in either case.
  package var country: String
  /// ASCII, at most 128 characters.
  package var email: String

  package init(
    commonName: String, organization: String = "", unit: String = "", locality: String = "", state: String = "",
    country: String = "", email: String = ""
  ) {
    self.commonName = commonName
    self.organization = organization
    self.unit = unit
    self.locality = locality
    self.state = state
    self.country = country
    self.email = email
  }

  /// The name in the usual order, country first.
  ///
  /// Throws `TLSError.invalid` for what no certificate should hold: empty common names, fields that are too long
  /// (RFC 5280 appendix A.1), characters that are not plainly visible.
  package var distinguishedName: DistinguishedName {
    get throws(TLSError) {
      let fields: [(type: String, what: String, value: String, limit: Int)] = [
        ("C", "country", country.uppercased(), 2), ("ST", "state", state, 128), ("L", "locality", locality, 128),
        ("O", "organization", organization, 64), ("OU", "unit", unit, 64), ("CN", "common name", commonName, 64),
        ("emailAddress", "e-mail address", email, 128),
      ]
      var attributes: [DistinguishedName.Attribute] = []
      for field in fields {
        let value = trimmed(field.value)
        if value.isEmpty { continue }
        if printable(value) != value {
          throw .invalid(what: field.what, reason: "it has characters in it that cannot be seen")
        }
        if value.unicodeScalars.count > field.limit {
          throw .invalid(what: field.what, reason: "it is longer than \(field.limit) characters")
        }
        attributes.append(.init(type: field.type, value: value))
      }
      if trimmed(commonName).isEmpty { throw .invalid(what: "common name", reason: "it is empty") }
      try checkForms()
      return DistinguishedName(attributes: attributes)
    }
  }

  private func checkForms() throws(TLSError) {
    let country = trimmed(country)
    if !country.isEmpty, country.utf8.count != 2 || !country.allSatisfy({ $0.isASCII && $0.isLetter }) {
      throw .invalid(what: "country", reason: "it is a code of two letters, such as DE")
    }
    let email = trimmed(email)
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    if !email.isEmpty, parts.count != 2 || parts.contains(where: \.isEmpty) || !email.allSatisfy(\.isASCII) {
      throw .invalid(what: "e-mail address", reason: "it has the form name@example.org, in ASCII")
    }
  }

  private func trimmed(_ text: String) -> String {
    let start = text.drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }
}
