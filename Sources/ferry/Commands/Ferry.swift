import ArgumentParser
import Glibc

/// The command line: a contract that scripts and tests rely on.
struct Ferry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ferry",
    abstract: "Two panes for files: here, and on FTPS servers.",
    discussion: """
      Addresses: ftpes://user@host/path is explicit TLS, ftps:// implicit TLS; ftp:// means explicit TLS, required.
      Exit status: 0 done, 1 some items failed, 2 usage, 3 no connection, 4 not trusted, 5 login refused.
      """,
    version: "0.1.0",
    subcommands: [
      BrowseCommand.self, ListCommand.self, GetCommand.self, PutCommand.self, SyncCommand.self, ProbeCommand.self,
      TrustCommand.self, IdentityCommand.self, AuthorityCommand.self, DemoCommand.self, ServeCommand.self,
      JournalCommand.self, SiteCommand.self,
    ],
    defaultSubcommand: BrowseCommand.self)
}

@main enum Main {
  /// Stays on the main thread, which belongs to the screen if there is one.
  @MainActor static func main() async {
    ProcessHygiene.begin()
    do {
      switch try Ferry.parseAsRoot() {
      case let command as any ScreenCommand: try await AppEntry.run(command.start())
      case var command as any AsyncParsableCommand: try await command.run()
      case var command: try command.run()
      }
    } catch {
      end(with: error)
    }
    exit(ExitStatus.done.rawValue)
  }

  /// ArgumentParser's own status for a wrong command line is another one than ours.
  private static func end(with error: any Error) -> Never {
    if error is UsageProblem || error is ItemProblem || error is NotTrusted || !isArgumentParser(error) {
      Output().problem(Headless.sentence(error))
      exit(ExitStatus(error).rawValue)
    }
    let code = Ferry.exitCode(for: error)
    guard code == .validationFailure else { Ferry.exit(withError: error) }
    let hint = Ferry.fullMessage(for: error).split(separator: "\n").last { $0.contains("--help") }
    Output().problem(Headless.sentence(Ferry.message(for: error)))
    if let hint { Output.write(hint + "\n", to: STDERR_FILENO) }
    exit(ExitStatus.usage.rawValue)
  }

  /// Whether the error is one that ArgumentParser made, for help, a version or a wrong command line.
  private static func isArgumentParser(_ error: any Error) -> Bool {
    error is ExitCode || error is ValidationError || error is CleanExit
      || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
  }
}
