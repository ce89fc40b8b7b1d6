/// One step of a probe: what was looked at, what was found, and what to do about it. Its texts are escaped.
struct ProbeStep: Hashable, Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case name, connect, greeting, tls, certificate
    case clientCertificate = "client-certificate"
    case login, protection, features, passive, data, listing, restart, hash
    case fileTime = "file-time"
    case pipelining
    case cleanUp = "clean-up"

    var title: String {
      switch self {
      case .name: "name"
      case .connect: "TCP"
      case .greeting: "greeting"
      case .tls: "TLS"
      case .certificate: "certificate"
      case .clientCertificate: "our certificate"
      case .login: "login"
      case .protection: "protection"
      case .features: "features"
      case .passive: "passive mode"
      case .data: "data TLS"
      case .listing: "listing"
      case .restart: "restart"
      case .hash: "hashes"
      case .fileTime: "file times"
      case .pipelining: "pipelining"
      case .cleanUp: "clean-up"
      }
    }
  }

  enum Verdict: String, Sendable {
    case ok
    /// Nothing is wrong, but it was not tried, or is not to be had.
    case note
    /// It works, but somebody should know.
    case warn
    case fail

    var sign: String {
      switch self {
      case .ok: "✓"
      case .note: "·"
      case .warn: "!"
      case .fail: "✗"
      }
    }
  }

  var kind: Kind
  var verdict: Verdict
  /// What was found.
  var found: String
  /// What can be done about it, as a sentence.
  var advice: String?

  init(_ kind: Kind, _ verdict: Verdict, _ found: String, _ advice: String? = nil) {
    self.kind = kind
    self.verdict = verdict
    self.found = found
    self.advice = advice
  }

  /// For people; advice on a line of its own.
  var lines: [String] {
    let width = 16
    let title = kind.title + String(repeating: " ", count: width - kind.title.count)
    let first = "\(verdict.sign) \(title)\(found)"
    return [first] + (advice.map { [String(repeating: " ", count: width + 2) + "→ " + $0] } ?? [])
  }

  var json: JSONObject {
    var object = JSONObject()
    object.add("step", kind.rawValue)
    object.add("verdict", verdict.rawValue)
    object.add("found", found)
    object.add("advice", advice)
    return object
  }
}
