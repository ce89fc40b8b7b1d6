import Glibc

/// A yes or no at the terminal.
enum Confirmation {
  /// Whether the person types yes; anything else is no.
  ///
  /// - Parameter option: the option that answers where there is nobody to ask.
  /// - Throws: ``UsageProblem`` there.
  static func ask(_ question: String, otherwise option: String) async throws -> Bool {
    let answer = await ControllingTerminal.converse { terminal in
      let line = terminal.answer(to: "\(question) [y/N] ") ?? []
      return ["y", "yes"].contains(String(decoding: line.filter { $0 > 0x20 }, as: UTF8.self).lowercased())
    }
    guard let answer else { throw UsageProblem("There is nobody to ask: use \(option).") }
    return answer
  }
}
