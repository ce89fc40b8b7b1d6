import FTP
import Storage
import TLS

extension StoredIdentity {
  /// "signed by X", or that nobody did.
  var vouched: String {
    let issuer = certificate.details.issuer
    return isSelfSigned ? "self-signed" : "signed by \(SafeText.escape(issuer.commonName ?? "\(issuer)"))"
  }

  /// One line of a list.
  func line(at now: Int64) -> String {
    let details = certificate.details
    let end = Timestamp(seconds: details.notAfter).dayText
    let mark = reminder(at: now).map { "  \($0)" } ?? ""
    return "\(name)  \(details.key), \(vouched), until \(end)\(isEncrypted ? "" : ", no passphrase")\(mark)"
  }

  /// All there is to know, without the key; `waiting` are the servers that do not trust it yet.
  func lines(at now: Int64, waiting: [(server: String, since: Int64)] = []) -> [String] {
    let details = certificate.details
    var lines = [name]
    lines += CertificateText(certificate).lines.map { "  " + $0 }
    let left = daysLeft(at: now)
    lines.append("  Days left    \(left)")
    lines.append("  Purposes     " + (details.extendedKeyUsages + details.keyUsages).joined(separator: ", "))
    lines.append("  Chain        " + (chain.count == 1 ? vouched : "\(vouched), \(chain.count) certificates"))
    lines.append("  Private key  " + (isEncrypted ? "encrypted with a passphrase" : "NOT encrypted: no passphrase"))
    if let request { lines.append("  Request      SHA-256 \(request.sha256.description.dropFirst(7).prefix(23))…") }
    if let previous {
      lines.append(
        "  Replaced     \(previous.sha256.description.dropFirst(7).prefix(23))…, kept until this one is used")
    }
    for entry in waiting {
      let day = Timestamp(seconds: entry.since).dayText
      lines.append("  Awaits trust on \(SafeText.escape(entry.server)), since \(day)")
    }
    if let reminder = reminder(at: now) { lines.append("  NOTE         \(reminder)") }
    return lines
  }

  func json(at now: Int64) -> JSONObject {
    let details = certificate.details
    var object = JSONObject()
    object.add("name", name)
    object.add("sha256", certificate.sha256.description)
    object.add("subject", details.subject.description)
    object.add("issuer", details.issuer.description)
    object.add("selfSigned", isSelfSigned ? "yes" : "no")
    object.add("key", details.key)
    object.add("encrypted", isEncrypted ? "yes" : "no")
    object.add("notBefore", details.notBefore)
    object.add("notAfter", details.notAfter)
    object.add("daysLeft", Int64(daysLeft(at: now)))
    object.add("chain", Int64(chain.count))
    object.add("requestSHA256", request?.sha256.description)
    object.add("previousSHA256", previous?.sha256.description)
    object.add("note", reminder(at: now)?.description)
    return object
  }
}
