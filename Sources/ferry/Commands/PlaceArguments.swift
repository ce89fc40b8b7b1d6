import ArgumentParser
import FTP

/// What a command that looks at one place on a server takes: how it is reached, and where.
struct PlaceArguments: ParsableArguments {
  @Flag(help: "Print one JSON object a line.")
  var json = false

  @OptionGroup var connection: ConnectionOptions

  @Argument(help: "For example ftpes://ada@files.example.org/www")
  var address: String

  /// - Throws: ``UsageProblem``.
  func parsed() throws -> FTPAddress { try connection.address(address) }
}
