import ArgumentParser
import FTP
import Storage
import SystemPackage
import TLS

/// `ferry serve clients list|trust|reject|remove`
struct ServeClientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clients", abstract: "Decide about the certificates of clients.",
    discussion: """
      A decision counts at once, also in a server that runs. A certificate is named by its number in the list, by the \
      first digits of its SHA-256 fingerprint, or by a PEM file that holds it.
      """,
    subcommands: [
      ServeClientsListCommand.self, ServeClientsTrustCommand.self, ServeClientsRejectCommand.self,
      ServeClientsRemoveCommand.self,
    ])

  /// The one certificate that a word names: one that is known, or in a file.
  ///
  /// - Throws: ``ItemProblem``.
  static func certificate(_ word: String, in state: ServerState) throws -> Certificate {
    let found = try state.clients.find(word)
    if found.count == 1 { return found[0].certificate }
    let name = SafeText.escape(word)
    guard found.isEmpty else {
      throw ItemProblem("\(name) names \(found.count) certificates: add more digits of the fingerprint.")
    }
    guard let bytes = try? PrivateFile.read(FilePath(word), isSecret: false) else {
      throw ItemProblem("No certificate is named \(name); ferry serve clients list shows them all.")
    }
    guard let certificate = try? Certificate.pem(bytes).first else {
      throw ItemProblem("\(name) holds no certificate in PEM form.")
    }
    return certificate
  }

  /// Remembers a decision, and says it.
  static func decide(_ decision: ServerClient.Decision, about named: NamedClient) async throws {
    try await Headless.run(isJSON: named.json) { output in
      let state = try named.state.open()
      output.record(try state.clients.decide(decision, about: certificate(named.certificate, in: state)))
      return .done
    }
  }
}

/// The certificate that is decided about.
struct NamedClient: ParsableArguments {
  @Flag(help: "Print one JSON object a line.")
  var json = false

  @OptionGroup var state: ServeStateOptions

  @Argument(help: "Its number, the first digits of its fingerprint, or a PEM file that holds it.")
  var certificate: String
}

/// `ferry serve clients list`
struct ServeClientsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List them: those that wait for a decision first, the trusted authorities last.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @OptionGroup var state: ServeStateOptions

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let state = try command.state.open()
      for client in try state.clients.list() { output.record(client) }
      for authority in try state.authorities.list() {
        if command.json {
          var object = JSONObject()
          object.add("state", "authority")
          object.add("sha256", authority.sha256.description)
          object.add("subject", authority.details.subject.description)
          output.object(object)
        } else {
          output.line("authority  \(authority.sha256)  \(SafeText.escape("\(authority.details.subject)"))")
        }
      }
      return .done
    }
  }
}

/// `ferry serve clients trust CERTIFICATE`
struct ServeClientsTrustCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "trust", abstract: "Let a client in from now on.")

  @OptionGroup var named: NamedClient

  func run() async throws { try await ServeClientsCommand.decide(.trusted, about: named) }
}

/// `ferry serve clients reject CERTIFICATE`
struct ServeClientsRejectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Keep a client out from now on, whoever has signed its certificate.")

  @OptionGroup var named: NamedClient

  func run() async throws { try await ServeClientsCommand.decide(.rejected, about: named) }
}

/// `ferry serve clients remove CERTIFICATE`
struct ServeClientsRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Forget a client, so that it waits for a decision again; or a trusted authority.")

  @OptionGroup var named: NamedClient

  func run() async throws {
    let named = named
    try await Headless.run(isJSON: named.json) { output in
      let state = try named.state.open()
      var clients = try state.clients.find(named.certificate)
      var authorities = try state.authorities.list().filter { $0.isNamed(named.certificate) }
      if clients.isEmpty, authorities.isEmpty {
        let shown = try ServeClientsCommand.certificate(named.certificate, in: state)
        clients = try state.clients.find(shown.sha256).map { [$0] } ?? []
        authorities = try state.authorities.list().filter { $0 == shown }
      }
      let name = SafeText.escape(named.certificate)
      guard clients.count + authorities.count > 0 else {
        throw ItemProblem("No certificate is named \(name); ferry serve clients list shows them all.")
      }
      guard clients.count + authorities.count == 1 else {
        throw ItemProblem("\(name) names several certificates: add more digits of the fingerprint.")
      }
      for client in clients {
        try state.clients.remove(client.id)
        output.record(client, "Removed")
      }
      for authority in authorities {
        try state.authorities.remove(authority.sha256)
        output.line("Removed authority  \(authority.sha256)")
      }
      return .done
    }
  }
}

extension ServerClient: Record {
  /// Number, decision, fingerprint, time, address and subject.
  var line: String {
    let word = decision.rawValue + String(repeating: " ", count: max(0, 8 - decision.rawValue.count))
    let from = address.isEmpty ? "" : "  from \(SafeText.escape(address))"
    return "\(id)  \(word)  \(certificate.sha256)  \(Timestamp(seconds: lastSeen).minuteText) UTC\(from)  "
      + SafeText.excerpt(Array("\(certificate.details.subject)".utf8), limit: 200)
  }

  var json: JSONObject {
    let details = certificate.details
    var object = JSONObject()
    object.add("number", id)
    object.add("state", decision.rawValue)
    object.add("sha256", certificate.sha256.description)
    object.add("subject", details.subject.description)
    object.add("issuer", details.issuer.description)
    object.add("notAfter", details.notAfter)
    object.add("address", address)
    object.add("firstSeen", firstSeen)
    object.add("lastSeen", lastSeen)
    object.add("decided", decided)
    return object
  }
}

extension Certificate {
  /// Whether a word is the beginning of the fingerprint, at least four digits of it.
  fileprivate func isNamed(_ word: String) -> Bool {
    let digits = word.lowercased().replacing("sha256:", with: "").filter { $0 != ":" && $0 != " " }
    return digits.count >= 4
      && sha256.description.dropFirst("SHA256:".count).lowercased().filter { $0 != ":" }.hasPrefix(digits)
  }
}
