/// Foreign text for an error's sentence: what is not plainly visible is written as an escape.
func printable(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    if isPlain(scalar) {
      result.unicodeScalars.append(scalar)
    } else {
      result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }
  return result
}

/// Whether all of it shows, so that it is what it looks like.
func isPrintable(_ text: String) -> Bool {
  text.unicodeScalars.allSatisfy(isPlain)
}

private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
  case .spaceSeparator: scalar == " "
  default: !scalar.properties.isDefaultIgnorableCodePoint
  }
}
