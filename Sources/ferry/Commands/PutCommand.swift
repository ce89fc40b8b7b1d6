import ArgumentParser

/// `ferry put PATH... ADDRESS`
struct PutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Upload files and whole folders.",
    discussion: """
      The last argument is the local folder; it is made if the folder above it exists. An address without a path, or \
      with the path "/", means everything in that folder.
      """)

  @OptionGroup var transfer: TransferOptions
  @OptionGroup var connection: ConnectionOptions

  @Argument(help: ArgumentHelp("Addresses, and the local folder.", valueName: "address... directory"))
  var arguments: [String]

  func run() async throws {
    throw UsageProblem("not yet")
  }
}
