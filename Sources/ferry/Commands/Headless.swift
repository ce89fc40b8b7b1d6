import ArgumentParser
import FTP
import Glibc

/// The frame of every command without a screen: what it throws becomes a sentence and an exit status.
enum Headless {
  /// Runs a command's work.
  ///
  /// - Parameter work: returns the status of what it did; it is cancelled when a signal comes.
  /// - Throws: `ExitCode`, if it is not 0.
  static func run(
    isJSON: Bool = false, _ work: @escaping @Sendable (Output) async throws -> ExitStatus
  ) async throws {
    let output = Output(isJSON: isJSON)
    let status: ExitStatus
    do {
      status = try await Interruption.cancelling { try await work(output) }
    } catch {
      output.showStatus([])
      if Interruption.signal == nil { output.problem(Self.sentence(error)) }
      status = ExitStatus(error)
    }
    if let signal = Interruption.signal {
      output.problem("Interrupted.")
      throw ExitCode(128 + signal)
    }
    if status != .done { throw ExitCode(status.rawValue) }
  }

  /// What an error says to people: with a capital letter in front and a full stop at the end.
  static func sentence(_ error: any Error) -> String { sentence("\(error)") }

  static func sentence(_ text: String) -> String {
    guard let first = text.first else { return "Unknown error." }
    let end = text.last.map { ".!?".contains($0) } ?? true ? "" : "."
    // The scheme of an address stays as it is written.
    let isAddress = text.prefix { $0 != " " }.contains("://")
    return (isAddress ? String(first) : first.uppercased()) + text.dropFirst() + end
  }
}
