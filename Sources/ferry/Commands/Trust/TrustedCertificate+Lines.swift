import FTP
import Storage
import TLS

extension TrustedCertificate: Record {
  /// The server, what is trusted, its fingerprint, and the note.
  var line: String {
    let words = "\(server)  \(kind.rawValue)  \(pin)"
    return note.isEmpty ? words : words + "  " + SafeText.escape(note)
  }

  /// All there is to know.
  var lines: [String] {
    var lines = ["\(server)"]
    lines += CertificateText(certificate).lines.map { "  " + $0 }
    lines.append("  Trusted      \(kind.words), since \(Timestamp(seconds: firstSeen).minuteText) UTC")
    if kind == .issuer, let issuer = issuers.first {
      lines.append("  Its issuer   \(SafeText.escape("\(issuer.details.subject)"))")
      lines.append("               \(issuer.sha256)")
    }
    lines.append("  Last seen    \(Timestamp(seconds: lastSeen).minuteText) UTC")
    lines.append("  Last used    " + (lastUsed.map { "\(Timestamp(seconds: $0).minuteText) UTC" } ?? "never"))
    if !note.isEmpty { lines.append("  Note         \(SafeText.escape(note))") }
    return lines
  }

  var json: JSONObject {
    let details = certificate.details
    var object = JSONObject()
    object.add("host", host)
    object.add("port", Int64(port))
    object.add("mode", mode.rawValue)
    object.add("kind", kind.rawValue)
    object.add("pin", pin.description)
    object.add("sha256", certificate.sha256.description)
    object.add("sha1", certificate.sha1)
    object.add("serial", details.serial)
    object.add("signature", details.signatureAlgorithm)
    object.add("subject", details.subject.description)
    object.add("issuer", details.issuer.description)
    object.add("names", details.names)
    object.add("notBefore", details.notBefore)
    object.add("notAfter", details.notAfter)
    object.add("key", details.key)
    object.add("firstSeen", firstSeen)
    object.add("lastSeen", lastSeen)
    object.add("lastUsed", lastUsed)
    object.add("note", note)
    return object
  }

  private var server: String { SafeText.escape("\(ServerAddress(host: host, port: port, mode: mode))") }
}
