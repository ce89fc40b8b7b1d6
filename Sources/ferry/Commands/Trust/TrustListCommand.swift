import ArgumentParser
import Storage

/// `ferry trust list`
struct TrustListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List them.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() async throws {
    let isJSON = json
    try await Headless.run(isJSON: json) { output in
      for trusted in try TrustCommand.store(output).list() {
        output.line(isJSON ? trusted.json.text : trusted.line)
      }
      return .done
    }
  }
}

/// `ferry trust show WORD`
struct TrustShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show what some of them say.")

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Argument(help: "A host, host:port, or the first digits of a fingerprint.")
  var certificate: String

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: json) { output in
      for trusted in try TrustCommand.find(command.certificate, output).found {
        if command.json { output.object(trusted.json) } else { trusted.lines.forEach(output.line) }
      }
      return .done
    }
  }
}
