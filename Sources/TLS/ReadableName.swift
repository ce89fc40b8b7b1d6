/// A DNS name of a certificate for people: what is written in it, and what its "xn--" labels mean.
package struct ReadableName: Hashable, Sendable, CustomStringConvertible {
  /// As it is in the certificate.
  package let text: String
  /// With the labels of other scripts in their own letters; nil where there are none, or one of them means nothing.
  package let decoded: String?
  /// A label has letters of several scripts, of which some look alike: "раypal" begins in Cyrillic.
  package let mixesScripts: Bool

  package init(_ text: String) {
    self.text = text
    var isInternational = false
    var isReadable = true
    let labels = text.split(separator: ".", omittingEmptySubsequences: false).map { label -> String in
      guard label.lowercased().hasPrefix("xn--") else { return String(label) }
      isInternational = true
      guard let meaning = Punycode.decode(label.lowercased().dropFirst(4)), !meaning.isEmpty else {
        isReadable = false
        return String(label)
      }
      return meaning
    }
    decoded = isInternational && isReadable ? labels.joined(separator: ".") : nil
    mixesScripts = labels.contains { Set($0.unicodeScalars.compactMap(Script.init)).count > 1 }
  }

  /// "bücher.example (xn--bcher-kva.example)"; not safe for a terminal as it is.
  package var description: String {
    let both = decoded.map { "\($0) (\(text))" } ?? text
    return mixesScripts ? both + " [letters of several scripts]" : both
  }

  /// The scripts whose letters are taken for each other.
  private enum Script: Hashable {
    case latin, greek, cyrillic, armenian, cherokee

    init?(_ scalar: Unicode.Scalar) {
      guard scalar.properties.isAlphabetic else { return nil }
      switch scalar.value {
      case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: self = .latin
      case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
      case 0x400...0x52F, 0x2DE0...0x2DFF, 0xA640...0xA69F: self = .cyrillic
      case 0x530...0x58F: self = .armenian
      case 0x13A0...0x13FF, 0xAB70...0xABBF: self = .cherokee
      default: return nil
      }
    }
  }
}
