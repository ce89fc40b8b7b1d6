import ArgumentParser
import FTP
import Storage
import SystemPackage
import TLS

/// `ferry serve users list|add|remove`
struct ServeUsersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "users", abstract: "Decide who may log in.",
    subcommands: [ServeUsersListCommand.self, ServeUsersAddCommand.self, ServeUsersRemoveCommand.self])
}

/// `ferry serve users list`
struct ServeUsersListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List them.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @OptionGroup var state: ServeStateOptions

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      for user in try command.state.open().users.list() { output.record(user) }
      return .done
    }
  }
}

/// `ferry serve users add NAME`
struct ServeUsersAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add one, or change what is demanded of one that is there.",
    discussion: """
      With --certificate the user is let in with that client certificate only; it is then trusted too. Together with \
      --password-file both are demanded; with the certificate alone no password is.
      """)

  @Option(help: ArgumentHelp("The password is the first line of this file.", valueName: "file"))
  var passwordFile: FilePath?

  @Option(
    help: ArgumentHelp(
      "A client's certificate: its number, the first digits of its fingerprint, or a PEM file.",
      valueName: "certificate"))
  var certificate: String?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @OptionGroup var state: ServeStateOptions

  @Argument(help: "The name, 1 to 64 bytes, without spaces.")
  var name: String

  func validate() throws {
    guard ServerUser.isName(name) else { throw ValidationError("A name has 1 to 64 bytes, and no spaces.") }
  }

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let state = try command.state.open()
      let certificate = try command.certificate.map { try ServeClientsCommand.certificate($0, in: state) }
      var hash: PasswordHash?
      if command.passwordFile != nil || certificate == nil {
        hash = try PasswordHash(await NewPasswords.get([command.name], from: command.passwordFile)[0])
      }
      if let certificate { try state.clients.decide(.trusted, about: certificate) }
      try state.users.set(command.name, password: hash, certificate: certificate?.sha256)
      if let user = try state.users.find(command.name) { output.record(user) }
      return .done
    }
  }
}

/// `ferry serve users remove NAME`
struct ServeUsersRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove one; a running server ends that user's connections.")

  @OptionGroup var state: ServeStateOptions

  @Argument(help: "The name.")
  var name: String

  func run() async throws {
    let command = self
    try await Headless.run { output in
      guard try command.state.open().users.remove(command.name) else {
        throw ItemProblem("There is no user \(SafeText.escape(command.name)); ferry serve users list shows them all.")
      }
      output.line("Removed \(SafeText.escape(command.name))")
      return .done
    }
  }
}

extension ServerUser: Record {
  /// The name, and what is demanded.
  var line: String {
    let demand =
      switch (password, certificate) {
      case (_?, let certificate?): "password and certificate \(certificate)"
      case (nil, let certificate?): "certificate \(certificate)"
      case (_, nil): "password"
      }
    return "\(SafeText.escape(name))  \(demand)"
  }

  var json: JSONObject {
    var object = JSONObject()
    object.add("name", name)
    object.add("password", password == nil ? "no" : "yes")
    object.add("certificate", certificate?.description)
    object.add("created", created)
    return object
  }
}
