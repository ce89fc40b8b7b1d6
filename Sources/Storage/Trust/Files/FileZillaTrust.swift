internal import FTP
internal import TLS

/// The file in which FileZilla keeps the certificates that its user accepted (`trustedcerts.xml`).
enum FileZillaTrust {
  /// Certificates that were accepted for the other names in them too are taken for the named host alone.
  static func read(_ bytes: [UInt8]) throws(StorageError) -> TrustFile.Content {
    let root: XMLReader.Element
    do {
      root = try XMLReader.read(bytes)
    } catch {
      throw .noTrustFile("\(error)")
    }
    guard let list = root.child("TrustedCerts") else {
      throw .noTrustFile("there is no list of trusted certificates (TrustedCerts) in it")
    }
    var content = TrustFile.Content()
    for (index, element) in list.children.filter({ $0.name == "Certificate" }).enumerated() {
      switch entry(element) {
      case .success(let entry): content.entries.append(entry)
      case .failure(let reason):
        content.omitted.append("Certificate \(index + 1) was left out: \(reason.text).")
      }
    }
    return content
  }

  private struct Reason: Error {
    var text: String
  }

  private static func entry(_ element: XMLReader.Element) -> Result<TrustFile.Entry, Reason> {
    guard let host = element.child("Host")?.text, !host.isEmpty else {
      return .failure(Reason(text: "it names no host"))
    }
    guard let port = element.child("Port").flatMap({ Int($0.text) }), 1...65_535 ~= port else {
      return .failure(Reason(text: "it names no port"))
    }
    guard let der = hexadecimal(element.child("Data")?.text ?? ""), let certificate = try? Certificate(der: der) else {
      return .failure(Reason(text: "that of \(SafeText.excerpt(Array(host.utf8))) cannot be read"))
    }
    // The file does not say how TLS begins; port 990 is that of implicit TLS.
    return .success(
      TrustFile.Entry(
        host: host, port: port, mode: port == TLSMode.implicit.defaultPort ? .implicit : .explicit,
        chain: [certificate], note: "from FileZilla"))
  }

  private static func hexadecimal(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Character(Unicode.Scalar(digits[index])).hexDigitValue,
        let low = Character(Unicode.Scalar(digits[index + 1])).hexDigitValue
      else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }
}
