import ArgumentParser
import FTP
import Storage
import SystemPackage

/// `ferry site list|add|remove|import`
struct SiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "site", abstract: "Servers with names of their own, as F2 and the command line take them.",
    subcommands: [SiteListCommand.self, SiteAddCommand.self, SiteRemoveCommand.self, SiteImportCommand.self])

  /// The sites of the person who runs this.
  static func store(_ output: Output) throws -> SiteStore {
    let database = FerryDatabase(try Home())
    if let notice = try database.open().notice { output.problem(notice) }
    return database.sites
  }

  /// A name that can be asked for.
  static func checked(_ name: String) throws -> String {
    if name.isEmpty || name.utf8.contains(where: { $0 < 0x20 }) {
      throw UsageProblem("A site's name is a line of text that is not empty.")
    }
    if FTPAddress.looksLikeAddress(name) {
      throw UsageProblem("A site's name must not look like an address: \(SafeText.escape(name)).")
    }
    return name
  }
}

/// `ferry site list`
struct SiteListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List them.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() async throws {
    try await Headless.run(isJSON: json) { output in
      for site in try SiteCommand.store(output).list() { output.record(site) }
      return .done
    }
  }
}

/// `ferry site add NAME ADDRESS`
struct SiteAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Give a server a name.",
    discussion: "A password is no part of it: it is asked for, or comes from a file or a command.")

  @Option(help: ArgumentHelp("The local folder that is shown beside it.", valueName: "folder"))
  var local: FilePath?

  @Option(help: ArgumentHelp("The client certificate to show, by its name.", valueName: "name"))
  var identity: String?

  @Flag(inversion: .prefixedNo, help: FXPHelp.site)
  var fxp: Bool?

  @Option(help: ArgumentHelp("Anything worth remembering.", valueName: "text"))
  var notes = ""

  @Flag(help: "ftp:// means a connection without TLS: everybody on the way can read and change everything.")
  var plaintext = false

  @Flag(help: "Replace the site of that name.")
  var replace = false

  @Argument(help: "The name.")
  var name: String

  @Argument(help: "For example ftpes://ada@files.example.org/www")
  var address: String

  func run() async throws {
    let command = self
    try await Headless.run { output in
      let name = try SiteCommand.checked(command.name)
      var options = try ConnectionOptions.parse([])
      options.plaintext = command.plaintext
      let address = try options.address(command.address)
      let store = try SiteCommand.store(output)
      if command.replace, var site = try store.find(name) {
        site.address = address.server
        site.remotePath = address.path
        site.localPath = command.local?.bytes ?? site.localPath
        site.identity = command.identity ?? site.identity
        site.mayExchange = command.fxp ?? site.mayExchange
        if !command.notes.isEmpty { site.notes = command.notes }
        _ = try store.update(site)
      } else {
        try store.add(
          name, address: address.server, remotePath: address.path, localPath: command.local?.bytes,
          identity: command.identity, mayExchange: command.fxp ?? false, notes: command.notes)
      }
      return .done
    }
  }
}

/// `ferry site remove NAME...`
struct SiteRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "remove", abstract: "Forget some of them.")

  @Argument(help: "Their names.")
  var names: [String]

  func run() async throws {
    let names = names
    try await Headless.run { output in
      let store = try SiteCommand.store(output)
      var isMissing = false
      for name in names where try !store.remove(name) {
        output.problem(
          "There is no site called \u{201C}\(SafeText.escape(name))\u{201D}; ferry site list shows them all.")
        isMissing = true
      }
      return isMissing ? .itemsFailed : .done
    }
  }
}

/// `ferry site import FILE`
struct SiteImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take over FileZilla's sites.",
    discussion: """
      The file is sitemanager.xml in FileZilla's folder, or what its export writes. Passwords are not taken over. A site \
      whose name is taken gets a number.
      """)

  @Flag(help: "Take over sites without encryption, too, as what they are.")
  var plaintext = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Argument(help: "The file.")
  var file: FilePath

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      let name = SafeText.escape(command.file.string)
      guard let bytes = try PrivateFile.read(command.file, isSecret: false) else {
        throw UsageProblem("There is no file \(name).")
      }
      let found: [SiteManagerFile.Entry]
      do { found = try SiteManagerFile.entries(of: bytes) } catch {
        throw ItemProblem("\(name) is not FileZilla's list of sites: \(error)")
      }
      let store = try SiteCommand.store(output)
      var leftOut = 0
      for entry in found {
        do {
          let site = try entry.site(allowsPlaintext: command.plaintext)
          let added = try Self.add(site, to: store)
          output.record(added)
          if entry.hasPassword, !command.json {
            output.problem("\(SafeText.escape(added.name)): without its password.")
          }
        } catch let problem as ItemProblem {
          output.problem("\(SafeText.escape(entry.name)) is left out: \(problem)")
          leftOut += 1
        }
      }
      return leftOut > 0 ? .itemsFailed : .done
    }
  }

  private static func add(_ site: Site, to store: SiteStore) throws -> Site {
    var name = site.name
    var number = 1
    while try store.find(name) != nil {
      number += 1
      name = "\(site.name) (\(number))"
    }
    return try store.add(
      name, address: site.address, remotePath: site.remotePath, localPath: site.localPath, notes: site.notes)
  }
}
